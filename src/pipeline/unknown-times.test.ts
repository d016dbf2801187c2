import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jsonLines } from '../formats/logs/json-lines/format.ts';
import { withNames } from '../formats/logs/with-names.ts';
import type { Store } from '../store/open-store.ts';
import { ingestFiles } from './ingest-files.ts';
import { ScratchStore } from './test-doubles/scratch-store.ts';

let scratch: ScratchStore;
let store: Store;

beforeAll(async () => {
  scratch = await ScratchStore.open();
  ({ store } = scratch);
});

afterAll(() => scratch?.close());

async function writeLines(name: string, lines: readonly object[]): Promise<string> {
  const path = join(scratch.root, name);
  await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return path;
}

const events = () =>
  store.engine.rows<{ name: string; origin: string; detail: string }>({
    sql: `SELECT name, origin, detail FROM events WHERE name = 'time_not_found' ORDER BY at`,
  });

test('of lines whose time is not known, an event names the keys that look like times, once', async () => {
  const line = { happened: '2026-03-01T10:00:00Z', finishedWhen: 1772359200123, order: 1772359200, msg: 'a' };
  const first = await writeLines('first.log', [line, { ...line, sev: 'error' }]);
  const timed = await writeLines('a-timed.log', [{ ...line, time: 1772359200, msg: 'with a time' }]);
  await ingestFiles(store, [timed, first, await writeLines('second.log', [{ ...line, msg: 'b' }])]);
  await ingestFiles(store, [await writeLines('third.log', [{ ...line, msg: 'c' }])]);
  expect(await events()).toEqual([
    { name: 'time_not_found', origin: first, detail: expect.stringContaining('"finishedWhen", "happened";') },
  ]);
  await ingestFiles(store, [await writeLines('plain.log', [{ msg: 'e' }])]);
  expect(await events()).toHaveLength(1);
});

test('of lines whose time cannot be read, an event names its key', async () => {
  const path = await writeLines('unreadable.log', [
    { time: 'yesterday', level: 'info', msg: 'a' },
    { time: '2026-03-01T10:00:00Z', level: 'info', msg: 'b' },
    { date: '2026-03-01', time: '10:00:01.5+02:00', level: 'info', msg: 'c' },
  ]);
  await ingestFiles(store, [path]);
  expect(await events()).toContainEqual({
    name: 'time_not_found',
    origin: path,
    detail: expect.stringContaining('cannot be read as a time: "time";'),
  });
  expect(
    await store.engine.rows({
      sql: `SELECT toString(time) AS time, time_from, attributes FROM logs
            WHERE filename = 'unreadable.log' AND message != 'a' ORDER BY line_number`,
    }),
  ).toEqual([
    { time: '2026-03-01 10:00:00.000', time_from: 'event', attributes: {} },
    { time: '2026-03-01 08:00:01.500', time_from: 'event', attributes: { date: '2026-03-01' } },
  ]);
});

test('names that a person gives win, in objects too', async () => {
  const names = { time: ['meta.happened'], level: ['sev'], message: ['what'] };
  const meta = { happened: '2026-03-01T10:00:00Z' };
  const path = await writeLines('named.log', [
    { time: 1772366400, level: 'info', msg: 'x', meta, sev: 'error', what: 'y' },
  ]);
  await ingestFiles(store, [path], { hints: { logFormat: withNames(jsonLines, names) } });
  expect(
    await store.engine.rows({
      sql: `SELECT toString(time) AS time, time_from, level, message, attributes FROM logs WHERE filename = 'named.log'`,
    }),
  ).toEqual([
    {
      time: '2026-03-01 10:00:00.000',
      time_from: 'event',
      level: 'ERROR',
      message: 'y',
      attributes: { time: '1772366400', level: 'info', msg: 'x' },
    },
  ]);
});
