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
  /** Columns, with commas between them. */
  readonly key: string;
  readonly lateness: string;
  readonly disorder: string;
  readonly sql: string;
}

export const emptyDraft: WindowDraft = {
  name: 'by_host',
  from: 'requests',
  type: 'tumbling',
  size: '60s',
  every: '10s',
  gap: '30m',
  key: 'client_ip',
  lateness: '10m',
  disorder: '5s',
  sql: 'SELECT host, count() AS requests, sum(bytes_sent) AS bytes\nFROM requests\nGROUP BY host',
};

/** A query that there is, to be changed. */
export function draftOf({ name, from, window, sql, latenessMs, disorderMs }: WindowAnswer): WindowDraft {
  const same = { name, from, type: window.type, sql: dedent(sql) };
  const times = { lateness: durationText(latenessMs), disorder: durationText(disorderMs) };
  if (window.type === 'session')
    return { ...emptyDraft, ...same, ...times, gap: durationText(window.gapMs), key: window.key.join(', ') };
  return { ...emptyDraft, ...same, ...times, size: durationText(window.sizeMs), every: durationText(window.everyMs) };
}

/** As an entry of `windows` in tailrace.yaml. */
export function definitionOf({ from, sql, lateness, disorder, ...draft }: WindowDraft) {
  return { from, window: shapeOf(draft), lateness, disorder, sql: sql.trim() };
}

function shapeOf({
  type,
  size,
  every,
  gap,
  key,
}: Omit<WindowDraft, 'from' | 'sql' | 'lateness' | 'disorder' | 'name'>) {
  if (type === 'session') return { type, gap, key: keyColumns(key) };
  return type === 'hopping' ? { type, size, every } : { type, size };
}

function keyColumns(key: string): readonly string[] {
  return key
    .split(',')
    .map((column) => column.trim())
    .filter((column) => column !== '');
}

/** What is to be copied into tailrace.yaml. */
export function yamlOf(draft: WindowDraft): string {
  const { from, window, lateness, disorder, sql } = definitionOf(draft);
  const shape = Object.entries(window).map(([key, value]) => `${key}: ${printYaml(value)}`);
  return [
    'windows:',
    `  ${printYaml(draft.name)}:`,
    `    from: ${printYaml(from)}`,
    `    window: { ${shape.join(', ')} }`,
    `    lateness: ${printYaml(lateness)}`,
    `    disorder: ${printYaml(disorder)}`,
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
