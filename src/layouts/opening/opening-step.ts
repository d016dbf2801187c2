/**
 * What is taken off a line before it is read, from the outside to the inside:
 *
 * - `mark`: the byte order mark in front of a file's first line, and of others where files were joined,
 * - `objects`: JSON objects that stand in one line without a newline between them,
 * - `otlp`: the request of OTLP, as JSON, around its records,
 * - `cloudwatch`: the message of a CloudWatch Logs subscription around its log events,
 * - `events`: what stands in the place of newlines in a line that was joined out of several (see EventJoiner),
 * - any other: the name of a transport.
 */
export type OpeningStep = 'byte-order-mark' | 'objects' | 'otlp' | 'cloudwatch' | 'events' | (string & {});

/** How the lines of one INSERT are opened. */
export interface Opening {
  readonly steps: readonly OpeningStep[];
  /** Only lines that match a RE2 pattern once they are opened, or only those that do not. */
  readonly matching?: { readonly pattern: string; readonly wanted: boolean };
}

/** For people: `, inside cri`. */
export function describeOpening(steps: readonly OpeningStep[] = []): string {
  const around = steps.filter((step) => step !== 'events');
  return around.length === 0 ? '' : `, inside ${around.join(', ')}`;
}

/** Whether the lines that are read are other lines than those of the file, so that their bytes do not add up to its size. */
export function makesOtherLines(steps: readonly OpeningStep[] = []): boolean {
  return steps.some((step) => ['objects', 'otlp', 'cloudwatch'].includes(step));
}
