import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyPreparedStore } from '../../../test/prepared-store.ts';
import { sampleEvents } from '../../layouts/logs/cloudwatch-events.ts';
import { compileLogInsert } from '../../layouts/logs/compile-log-insert.ts';
import { detectLogLayout } from '../../layouts/logs/detect-log-layout.ts';
import { describeLogLayout } from '../../layouts/logs/log-layout.ts';
import { openStore, type Store } from '../../store/open-store.ts';
import { findLogFormat, logFormats } from './catalog.ts';

/**
 * Every `<format>/testdata/<case>.log` is run through the engine and compared with `<case>.expected.ndjson`: its layout
 * and tallies, then its rows in order of time (without empty columns), then its rejects. The lines of
 * `<case>.cloudwatch` are envelopes of a CloudWatch Logs subscription. `<case>.hints.json` names the format as the user
 * would. A line without a time arrived on 1 March 2026, at 12:00.
 *
 * UPDATE_GOLDEN=1 writes the expectations; check each by hand against its input afterwards.
 */
const folder = dirname(fileURLToPath(import.meta.url));
const arrivedAtMs = Date.UTC(2026, 2, 1, 12);
const update = process.env.UPDATE_GOLDEN === '1' && process.env.CI !== 'true';

let store: Store;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-logs-'));
  store = await openStore({ directory: copyPreparedStore(directory) });
});

afterAll(async () => {
  await store?.close();
  await rm(directory, { recursive: true, force: true });
});

describe.each(logFormats.map(({ name }) => name))('%s', (format) => {
  const testdata = join(folder, format, 'testdata');
  const files = readdirSync(testdata);
  const cases = files.filter((name) => /\.(log|cloudwatch)$/.test(name)).sort();

  test('has cases, and no expectation without one', () => {
    expect(cases.length).toBeGreaterThan(0);
    const expected = files.filter((name) => name.endsWith('.expected.ndjson'));
    expect(cases.map(expectationOf)).toEqual(expect.arrayContaining(expected));
    expect(new Set(cases.map(expectationOf)).size).toBe(cases.length);
  });

  test.each(cases)(
    '%s',
    async (name) => {
      const actual = await resultOf(join(testdata, name));
      const file = join(testdata, expectationOf(name));
      if (update) writeFileSync(file, actual);
      expect(existsSync(file), `${basename(file)} is missing; UPDATE_GOLDEN=1 writes it`).toBe(true);
      expect(actual).toBe(readFileSync(file, 'utf8'));
    },
    120_000,
  );
});

function expectationOf(path: string): string {
  return path.replace(/\.\w+$/, '.expected.ndjson');
}

let batches = 0;

async function resultOf(path: string): Promise<string> {
  const batch = String(++batches);
  const cloudwatch = path.endsWith('.cloudwatch');
  const layout = layoutOf(path, cloudwatch);
  const origin = {
    batch,
    origins: [path],
    filenames: [basename(path)],
    groups: [''],
    streams: [''],
    services: [''],
    hosts: [''],
    arrivedAtMs: [arrivedAtMs],
    ...(cloudwatch ? { opening: { steps: ['cloudwatch'] } } : {}),
  };
  await store.engine.insertFrom({ kind: 'lines', files: [{ path, gzip: false }] }, (source) =>
    compileLogInsert(layout, origin, source),
  );
  const [tallies] = await store.engine.rows<object>({
    sql: `SELECT sum(lines) AS lines, sum(comments) AS comments, sum(rejected) AS rejected FROM tallies
          WHERE batch = {batch:UInt64}`,
    params: { batch },
  });
  const rows = await store.engine.rows<object>({
    // A line's own time is the default.
    sql: `SELECT * EXCEPT (batch, object, line_number, filename, source_format) REPLACE (if(time_from = 'event', '', time_from) AS time_from)
          FROM logs WHERE batch = {batch:UInt64} ORDER BY time, event_id, message`,
    params: { batch },
  });
  const rejects = await store.engine.rows<object>({
    sql: `SELECT line_number AS rejected, reason, line FROM rejects WHERE batch = {batch:UInt64} ORDER BY line_number`,
    params: { batch },
  });
  return [{ layout: describeLogLayout(layout), ...tallies }, ...rows.map(withoutEmpty), ...rejects]
    .map((value) => `${JSON.stringify(value)}\n`)
    .join('');
}

function layoutOf(path: string, cloudwatch: boolean) {
  const lines = readFileSync(path, 'utf8').split('\n');
  const hints = path.replace(/\.\w+$/, '.hints.json');
  const { format: name = '' } = existsSync(hints)
    ? (JSON.parse(readFileSync(hints, 'utf8')) as { format: string })
    : {};
  const format = findLogFormat(name);
  const detection = detectLogLayout(cloudwatch ? sampleEvents(lines) : lines, format ? { format } : {});
  if (!detection) throw new Error(`no layout fits ${path}`);
  return detection.layout;
}

function withoutEmpty(row: object): object {
  const isEmpty = (value: unknown) =>
    value === '' || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);
  return Object.fromEntries(Object.entries(row).filter(([, value]) => !isEmpty(value)));
}
