import { formats } from '../../formats/catalog.ts';
import { type CarrierName, carriers } from '../../framing/events/carrier.ts';
import { EventJoiner } from '../../framing/events/event-joiner.ts';
import { detectLayout, enoughConfidence } from '../detect-layout.ts';
import { detectWhole } from '../detect-whole.ts';
import type { Layout } from '../layout.ts';
import { lineFits } from '../line-fit.ts';
import { detectLogLayout } from '../logs/detect-log-layout.ts';
import type { LogLayout } from '../logs/log-layout.ts';
import { findOpening, type Known, type OpenedSample } from './find-opening.ts';

/** Strips the transports from the lines of a sample. */
export function openInput(lines: readonly string[]): OpenedSample {
  return findOpening(carriers.reduce(joinParts, lines), known);
}

/** A part of a line matches no format. */
function joinParts(lines: readonly string[], carrier: CarrierName): readonly string[] {
  const joiner = new EventJoiner({ carrier, joinsTraces: false, beginsAt: 0, isRest: false });
  const joined = Buffer.concat([joiner.push(Buffer.from(`${lines.join('\n')}\n`)), joiner.end()]);
  return joiner.joined === 0 ? lines : joined.toString().trimEnd().split('\n');
}

function known(lines: readonly string[]): Known {
  if ((detectLayout(lines)?.confidence ?? 0) >= enoughConfidence) return 2;
  const format = detectLogLayout(lines)?.layout.format;
  return format !== undefined && format.name !== 'text' ? 1 : 0;
}

/** The layout of opened lines: a transport carries a server and its neighbours in one stream. */
export function openedLayout<L extends Layout | LogLayout>(layout: L, { steps, lines }: OpenedSample): L {
  if ('namedBy' in layout) return steps.length === 0 ? layout : { ...layout, opening: steps };
  const requests = steps.length === 0 ? undefined : accessLinesAmong(lines);
  return { ...layout, opening: [...steps, 'events'], ...(requests ? { requests } : {}) };
}

/** The layout of the lines that a pattern recognises as an access log. */
function accessLinesAmong(lines: readonly string[]): Layout | undefined {
  const recognising = formats.filter(({ framing }) => framing?.kind === 'pattern');
  const layouts = recognising.flatMap((format) => detectWhole([], [], format) ?? []).map(({ layout }) => layout);
  const found = layouts.find((layout) => lines.some((line) => lineFits(layout, line)));
  return found && { ...found, namedBy: 'detected' };
}
