import { groupNames, re2Pattern } from '../../formats/logs/shapes-of.ts';
import type { Prefix, Transport } from '../../formats/transport.ts';
import { findTransport } from '../../formats/transports.ts';
import { type LinearPattern, linearPattern } from '../../text/linear-pattern.ts';
import { sampleEvents } from '../logs/cloudwatch-events.ts';
import { sampleRecords } from '../logs/otlp-records.ts';
import { sampleObject, samplePairs } from '../sample-pairs.ts';
import { objectsBoundary } from './opened-lines.ts';
import type { OpeningStep } from './opening-step.ts';

/** Sample lines without their transports, as the engine will read them. */
export function openSample(lines: readonly string[], steps: readonly OpeningStep[]): readonly string[] {
  return steps.reduce(openStep, lines);
}

function openStep(lines: readonly string[], step: OpeningStep): readonly string[] {
  switch (step) {
    case 'byte-order-mark':
      return lines.map((line, index) => (index === 0 ? line.replace(/^\uFEFF/, '') : line));
    case 'objects':
      return lines.flatMap(separateObjects);
    case 'otlp':
      return sampleRecords(lines);
    case 'cloudwatch':
      return sampleEvents(lines);
    case 'events':
      return lines;
    default: {
      const transport = findTransport(step);
      return transport ? lines.map((line) => carriedLine(transport, line) ?? line) : lines;
    }
  }
}

const prefixes = new WeakMap<Prefix, { readonly pattern: LinearPattern; readonly names: readonly string[] }>();

function compiled(prefix: Prefix) {
  let known = prefixes.get(prefix);
  if (!known) {
    known = { pattern: linearPattern(re2Pattern(prefix.pattern)), names: groupNames(prefix.pattern) };
    prefixes.set(prefix, known);
  }
  return known;
}

/** The value of a group in a line with this prefix. */
function prefixValue(prefix: Prefix, line: string, group: string): string | undefined {
  const { pattern, names } = compiled(prefix);
  return pattern.groups(line)?.[names.indexOf(group)];
}

/** The program whose line it is, if the transport says so in a prefix. */
export function carriedService({ around }: Transport, line: string): string | undefined {
  return 'pattern' in around ? prefixValue(around, line, 'service') : undefined;
}

/** The text that a transport carries in a line; `undefined` if the line does not have this transport. */
export function carriedLine({ around }: Transport, line: string): string | undefined {
  const text = line.replace(/\r$/, '');
  if ('pattern' in around) return prefixValue(around, text, 'line');
  const object = text.startsWith('{') ? sampleObject(text) : undefined;
  if (!object || (around.anyOf && !around.anyOf.some((key) => key in object))) return undefined;
  const texts = Object.entries(object).flatMap(([key, held]) =>
    around.textKeys.includes(key) ? [around.bytes && isBytes(held) ? Buffer.from(held).toString() : held] : [],
  );
  const found = texts.find((held) => typeof held === 'string' && (!around.holds || isObject(held)));
  return typeof found === 'string' ? found.replace(/[\r\n]{1,2}$/, '') : undefined;
}

function isBytes(held: unknown): held is number[] {
  return (
    Array.isArray(held) && held.length > 0 && held.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256)
  );
}

function isObject(text: string): boolean {
  return text.startsWith('{') && (samplePairs(text)?.size ?? 0) > 0;
}

/** The objects of a line without a newline between them. */
export function separateObjects(line: string): string[] {
  if (!line.startsWith('{')) return [line];
  const parts: string[] = [];
  let from = 0;
  for (let at = line.indexOf('}', from); at !== -1; at = line.indexOf('}', at + 1)) {
    const boundary = /^\}[ \t\r]*\{/.exec(line.slice(at, at + 100));
    if (!boundary || !linearPattern(`^${objectsBoundary}`).test(line.slice(at, at + 400))) continue;
    parts.push(line.slice(from, at + 1));
    from = at + boundary[0].length - 1;
    if (parts.length === mostObjects) return parts;
  }
  return [...parts, line.slice(from)];
}

const mostObjects = 50;
