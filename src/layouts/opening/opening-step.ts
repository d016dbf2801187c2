/**
 * What is stripped from a line before it is parsed, outermost first:
 *
 * - `byte-order-mark`: the mark before a file's first line, and before others where files were concatenated,
 * - `objects`: JSON objects in one line without a newline between them,
 * - `otlp`: an OTLP request, as JSON, around its records,
 * - `cloudwatch`: the message of a CloudWatch Logs subscription around its log events,
 * - `events`: the marks in place of newlines in a joined line (see EventJoiner),
 * - any other: the name of a transport.
 */
export type OpeningStep = 'byte-order-mark' | 'objects' | 'otlp' | 'cloudwatch' | 'events' | (string & {});

/** How the lines of one INSERT are opened. */
export interface Opening {
  readonly steps: readonly OpeningStep[];
}

/** For display: `, inside cri`. */
export function describeOpening(steps: readonly OpeningStep[] = []): string {
  const around = steps.filter((step) => step !== 'events');
  return around.length === 0 ? '' : `, inside ${around.join(', ')}`;
}

/** Whether the lines read differ from those of the file, so that their bytes do not add up to its size. */
export function makesOtherLines(steps: readonly OpeningStep[] = []): boolean {
  return steps.some((step) => ['objects', 'otlp', 'cloudwatch'].includes(step));
}
