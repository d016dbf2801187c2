import type { WindowAnswer } from '../../../src/server/window-answer.ts';
import { dedent } from './dedent.ts';

/** A definition while it is written: all values as text, as in tailrace.yaml. */
export interface WindowDraft {
  readonly name: string;
  readonly from: string;
  readonly type: string;
  /** Of tumbling and hopping windows. */
  readonly size: string;
  readonly every: string;
  /** Of sessions. */
  readonly gap: string;
  readonly longest: string;
  /** Columns, with commas between them. */
  readonly key: string;
  readonly lateness: string;
  readonly disorder: string;
  readonly idle: string;
  readonly keep: string;
  readonly rebuild: string;
  readonly sql: string;
}

export const emptyDraft: WindowDraft = {
  name: 'by_host',
  from: 'requests',
  type: 'tumbling',
  size: '60s',
  every: '10s',
  gap: '30m',
  longest: '1d',
  key: 'client_ip',
  lateness: '10m',
  disorder: '5s',
  idle: '10s',
  keep: '7d',
  rebuild: '1h',
  sql: 'SELECT host, count() AS requests, sum(bytes_sent) AS bytes\nFROM requests\nGROUP BY host',
};

/** A query that there is, to be changed; its outputs are no part of it. */
export function draftOf({ name, from, window, sql, ...lengths }: WindowAnswer): WindowDraft {
  const same = {
    ...emptyDraft,
    ...{ name, from, type: window.type, sql: dedent(sql) },
    lateness: durationText(lengths.latenessMs),
    disorder: durationText(lengths.disorderMs),
    idle: durationText(lengths.idleMs),
    keep: durationText(lengths.keepMs),
    rebuild: durationText(lengths.rebuildMs),
  };
  if (window.type !== 'session')
    return { ...same, size: durationText(window.sizeMs), every: durationText(window.everyMs) };
  const { gapMs, longestMs, key } = window;
  return { ...same, gap: durationText(gapMs), longest: durationText(longestMs), key: key.join(', ') };
}

/** As an entry of `windows` in tailrace.yaml. */
export function definitionOf(draft: WindowDraft) {
  const { from, lateness, disorder, sql } = draft;
  return {
    ...{ from, window: shapeOf(draft), lateness, disorder },
    ...unusual(draft, ['idle', 'keep', 'rebuild']),
    sql: sql.trim(),
  };
}

function shapeOf(draft: WindowDraft): Readonly<Record<string, string | readonly string[]>> {
  const { type, size, every, gap, key } = draft;
  if (type === 'session') return { type, gap, ...unusual(draft, ['longest']), key: keyColumns(key) };
  return type === 'hopping' ? { type, size, every } : { type, size };
}

/** Keys that need not be written with their default. */
function unusual(draft: WindowDraft, keys: readonly (keyof WindowDraft)[]): Readonly<Record<string, string>> {
  return Object.fromEntries(keys.flatMap((key) => (draft[key] === emptyDraft[key] ? [] : [[key, draft[key]]])));
}

function keyColumns(key: string): readonly string[] {
  return key
    .split(',')
    .map((column) => column.trim())
    .filter((column) => column !== '');
}

/** What is to be copied into tailrace.yaml. */
export function yamlOf(draft: WindowDraft): string {
  const { window, sql, ...keys } = definitionOf(draft);
  const entries = (values: Readonly<Record<string, string | readonly string[]>>) =>
    Object.entries(values).map(([key, value]) => `${key}: ${printYaml(value)}`);
  return [
    'windows:',
    `  ${printYaml(draft.name)}:`,
    `    window: { ${entries(window).join(', ')} }`,
    ...entries(keys).map((entry) => `    ${entry}`),
    '    sql: |-',
    ...sql.split('\n').map((line) => `      ${line}`.trimEnd()),
  ].join('\n');
}

/** In double quotes, which YAML reads as JSON does, where it is not surely a word or a length. */
function printYaml(value: string | readonly string[]): string {
  if (typeof value !== 'string') return `[${value.map(printYaml).join(', ')}]`;
  return /^(?:[a-z][a-z0-9_]*|\d+(?:ms|[smhdw]))$/.test(value) && !/^(?:y|n|yes|no|on|off|true|false|null)$/.test(value)
    ? value
    : JSON.stringify(value);
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

/** `90s`, `10m`: a whole number of the longest unit that has one. */
function durationText(ms: number): string {
  const [unit, length] = units.find(([, worth]) => ms > 0 && ms % worth === 0) ?? ['s', 1000];
  return `${ms / length}${unit}`;
}
