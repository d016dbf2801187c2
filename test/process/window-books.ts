import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import type { KeyedReceiver } from './keyed-receiver.ts';

export const sessionGapMs = 4000;

export interface StoredRow {
  readonly timeMs: number;
  readonly viewer: string;
  readonly bytes: number;
}

/** Where emitted windows go. */
export interface SentTo {
  readonly file: (query: string) => string;
  /** Queries whose windows the receiver gets. */
  readonly hooked: readonly string[];
  readonly receiver: KeyedReceiver;
}

type Ask = (sql: string) => Promise<Record<string, unknown>[]>;

const linesOf = (rows: readonly Record<string, unknown>[]) => rows.map((row) => Object.values(row).join(' '));

/** Fails unless the tables of results have what plain SQL counts over the stored rows, and these are all. */
export async function expectResults(ask: Ask, rows: readonly StoredRow[]): Promise<void> {
  const [stored] = await ask('SELECT toUInt32(count()) AS n FROM requests');
  expect(stored).toEqual({ n: rows.length });
  for (const [table, seconds] of [
    ['windows_viewers', 5],
    ['windows_over_rows', 20],
  ] as const) {
    const results = await ask(
      `SELECT toUnixTimestamp(window_start) AS start, viewer, requests, bytes FROM ${table} ORDER BY start, viewer`,
    );
    const plain = await ask(
      `SELECT intDiv(toUnixTimestamp(time), ${seconds}) * ${seconds} AS start, client_ip AS viewer, count(), sum(bytes_sent)
       FROM requests GROUP BY start, viewer ORDER BY start, viewer`,
    );
    expect(linesOf(results)).toEqual(linesOf(plain));
  }
  const visits = await ask(
    'SELECT toUnixTimestamp(window_start) AS start, toUnixTimestamp(window_end) AS end, viewer, requests FROM windows_visits ORDER BY start, viewer',
  );
  expect(linesOf(visits)).toEqual(sessionsOf(rows));
}

/** `START END VIEWER REQUESTS`, seconds. */
function sessionsOf(rows: readonly StoredRow[]): string[] {
  const sessions: { viewer: string; startMs: number; endMs: number; requests: number }[] = [];
  for (const { timeMs, viewer } of rows.toSorted((one, other) => one.timeMs - other.timeMs)) {
    const open = sessions.find((session) => session.viewer === viewer && timeMs < session.endMs);
    if (open) Object.assign(open, { endMs: timeMs + sessionGapMs, requests: open.requests + 1 });
    else sessions.push({ viewer, startMs: timeMs, endMs: timeMs + sessionGapMs, requests: 1 });
  }
  return sessions
    .toSorted((one, other) => one.startMs - other.startMs || (one.viewer < other.viewer ? -1 : 1))
    .map(({ viewer, startMs, endMs, requests }) => `${startMs / 1000} ${endMs / 1000} ${viewer} ${requests}`);
}

/** Fails unless each window, line, message and transition is recorded once, and told. @returns how many there were, in words */
export async function expectExactBooks(
  engine: Engine,
  sent: SentTo,
  { queries, isLong }: { readonly queries: readonly string[]; readonly isLong: boolean },
): Promise<string> {
  const [folds] = await engine.rows({
    sql: 'SELECT count() - uniqExact(version, batch, feed) AS twice FROM window_folds',
  });
  expect(folds).toEqual({ twice: 0 });
  let [windows, corrections] = [0, 0];
  for (const query of queries) {
    const found = await expectExactQuery(engine, sent, query);
    windows += found.windows;
    corrections += found.corrections;
  }
  // A short run may have emitted nothing before the last row was there.
  if (isLong) expect(corrections).toBeGreaterThan(0);
  const messages = await expectExactAlerts(engine, sent.receiver);
  expect(sent.receiver.changed).toEqual([]);
  return `${windows} windows, of them ${corrections} corrections, ${messages} messages of alerts, ${sent.receiver.repeated} requests with a known key`;
}

async function expectExactQuery(engine: Engine, { file, hooked, receiver }: SentTo, query: string) {
  const [book] = await engine.rows<{ windows: number; corrections: number }>({
    sql: `
      SELECT count() AS windows, countIf(correction > 0) AS corrections, uniqExact(sequence) AS sequences, min(sequence) AS first,
        max(sequence) AS last, count() - uniqExact(version, window_start, key, correction) AS twice
      FROM window_emissions WHERE query = {query:String}`,
    params: { query },
  });
  const windows = book?.windows ?? 0;
  expect(book).toMatchObject({ sequences: windows, first: 1, last: windows, twice: 0 });
  const gaps = await engine.rows({
    sql: `
      SELECT window_start, key FROM window_emissions WHERE query = {query:String}
      GROUP BY version, window_start, key HAVING max(correction) + 1 != count()`,
    params: { query },
  });
  expect(gaps).toEqual([]);
  const halves = await engine.rows({
    sql: `
      SELECT e.sequence AS sequence, e.rows AS rows, count(r.emission) AS found
      FROM window_emissions AS e
      LEFT JOIN (SELECT * FROM window_results WHERE query = {query:String}) AS r
        ON r.emission = e.emission AND r.window_start = e.window_start AND r.key = e.key
      WHERE e.query = {query:String}
      GROUP BY sequence, rows
      HAVING countIf(r.emission != 0) != rows`,
    params: { query },
  });
  expect(halves).toEqual([]);
  const lines = readFileSync(file(query), 'utf8').split('\n');
  expect(lines.pop()).toBe('');
  const all = Array.from({ length: windows }, (_, index) => index + 1);
  expect(lines.map((line) => (JSON.parse(line) as { sequence: number }).sequence)).toEqual(all);
  const taken = receiver.taken(`/windows/${query}`);
  if (!hooked.includes(query)) return { windows, corrections: book?.corrections ?? 0 };
  expect([...taken.keys()]).toEqual(all.map((sequence) => `window-${query}-${sequence}`));
  expect([...taken.values()].map((body) => JSON.parse(body))).toEqual(lines.map((line) => JSON.parse(line)));
  return { windows, corrections: book?.corrections ?? 0 };
}

async function expectExactAlerts(engine: Engine, receiver: KeyedReceiver): Promise<number> {
  const transitions = await engine.rows<{
    alert: string;
    instance: string;
    key: string;
    announce: string;
    phase: string;
  }>({
    sql: 'SELECT alert, instance, key, announce, phase FROM alert_transitions ORDER BY alert, instance, sequence',
  });
  expect(new Set(transitions.map(({ key }) => key)).size).toBe(transitions.length);
  const before = new Map<string, string>();
  for (const { alert, instance, announce } of transitions.filter((one) => one.announce !== '')) {
    const id = `${alert} ${instance}`;
    expect(`${id} ${announce}`).not.toBe(`${id} ${before.get(id) ?? 'resolved'}`);
    before.set(id, announce);
  }
  const told = transitions.filter(({ announce }) => announce !== '').map(({ key, announce }) => `${key}-${announce}`);
  expect(told.length).toBeGreaterThan(0);
  expect([...receiver.taken('/alerts').keys()].sort()).toEqual(told.sort());
  return told.length;
}
