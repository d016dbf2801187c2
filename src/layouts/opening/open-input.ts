import { formats } from '../../formats/catalog.ts';
import { objectKeys } from '../../formats/logs/shapes-of.ts';
import { type CarrierName, mayBePart, splittingCarriers } from '../../framing/events/carrier.ts';
import { EventJoiner } from '../../framing/events/event-joiner.ts';
import { detectLayout, enoughConfidence, type LayoutHints } from '../detect-layout.ts';
import { detectWhole } from '../detect-whole.ts';
import { directiveColumns, directivePlace } from '../fields-directive.ts';
import type { Layout } from '../layout.ts';
import { lineFits } from '../line-fit.ts';
import { detectLogLayout, isLikely, isMessage } from '../logs/detect-log-layout.ts';
import type { LogLayout } from '../logs/log-layout.ts';
import { splitValues } from '../split-values.ts';
import { findOpening, type Known, type OpenedSample } from './find-opening.ts';

/**
 * Strips the transports from the lines of a sample.
 * @param hints columns that the user names tell what the transports carry
 */
export function openInput(lines: readonly string[], hints: LayoutHints = {}): OpenedSample {
  // The patterns of all transports take 35 ms to compile.
  if (areUnderHeader(lines)) return { steps: [], lines, isLog: false, services: [] };
  const judge = hints.columns ? (inner: readonly string[]) => (mostFit(inner, hints) ? 3 : known(inner)) : known;
  return findOpening(splittingCarriers.reduce(joinParts, lines), judge);
}

/** Whether the lines begin with a header of their own and all have as many values as it names, so that nothing is around any of them. */
function areUnderHeader(lines: readonly string[]): boolean {
  const at = lines[0]?.startsWith('#') ? directivePlace(lines) : -1;
  if (at === -1) return false;
  const { length } = directiveColumns(lines[at] ?? '');
  const rows = lines.filter((line) => line !== '' && !line.startsWith('#'));
  return rows.every((row) => ['\t', ' '].some((delimiter) => splitValues(row, delimiter).length === length));
}

function mostFit(lines: readonly string[], hints: LayoutHints): boolean {
  const layout = detectLayout(lines, hints)?.layout;
  return layout !== undefined && lines.filter((line) => lineFits(layout, line)).length > lines.length / 2;
}

/** A part of a line matches no format. */
function joinParts(lines: readonly string[], carrier: CarrierName): readonly string[] {
  if (!lines.some((line) => mayBePart(carrier, line))) return lines;
  const joiner = new EventJoiner({ carrier, joinsTraces: false, beginsAt: 0, isRest: false });
  const joined = Buffer.concat([joiner.push(Buffer.from(`${lines.join('\n')}\n`)), joiner.end()]);
  return joiner.joined === 0 ? lines : joined.toString().trimEnd().split('\n');
}

/** @param above the application formats are not looked for where they would not be more than this */
function known(lines: readonly string[], above: Known = 0): Known {
  if ((detectLayout(lines)?.confidence ?? 0) >= enoughConfidence) return 3;
  if (above >= 2) return 0;
  const log = detectLogLayout(lines);
  if (log === undefined) return 0;
  if (log.layout.format.name !== 'text') return 2;
  return isLikely(log) ? 1 : 0;
}

/**
 * The layout of opened lines. Output shared by a server and its neighbours is an application log, with
 * requests among its lines.
 */
export function openedLayout(layout: Layout | LogLayout, { steps, lines, services }: OpenedSample): Layout | LogLayout {
  if (!('namedBy' in layout)) {
    const requests = accessLinesAmong(lines);
    return { ...layout, opening: [...steps, 'events'], ...(requests ? { requests } : {}) };
  }
  const read = isRecognised(layout)
    ? lines.map((line, at) => ({ line, service: services[at], fits: lineFits(layout, line) }))
    : [];
  const servers = new Set(read.flatMap(({ service, fits }) => (fits ? [service] : [])));
  const others = read.filter(({ fits }) => !fits);
  const messages = others.flatMap(({ line, service }) =>
    isMessage(line) || (service && !servers.has(service)) ? [line] : [],
  );
  // If few of the others are messages, they are damaged requests, and better rejects. Torn objects tell neither.
  const isWhole = ({ line }: { readonly line: string }) =>
    line.trim() !== '' && (!layout.format.isMixed || objectKeys(line) !== undefined);
  const log = detectLogLayout(messages)?.layout;
  if (log && messages.length > others.filter(isWhole).length / 2)
    return { ...log, opening: [...steps, 'events'], requests: layout };
  return steps.length === 0 ? layout : { ...layout, opening: steps };
}

/** The layout of the access log lines among others. */
function accessLinesAmong(lines: readonly string[]): Layout | undefined {
  const layouts = formats.flatMap((format) => detectWhole([], [], format) ?? []).map(({ layout }) => layout);
  const counted = layouts
    .filter(tellsLinesApart)
    .map((layout) => ({ layout, fitting: lines.filter((line) => lineFits(layout, line)).length }));
  const best = counted.reduce((one, other) => (other.fitting > one.fitting ? other : one));
  return best.fitting === 0 ? undefined : { ...best.layout, namedBy: 'detected' };
}

/** Whether only the lines themselves tell their format. */
function isRecognised(layout: Layout): boolean {
  return layout.namedBy === 'detected' && tellsLinesApart(layout);
}

/** Whether a line of the format is unambiguous, so that it may be mixed with others. */
function tellsLinesApart({ format, framing }: Layout): boolean {
  return framing.kind === 'pattern' || format.isMixed === true;
}
