import { setMaxListeners } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { copyPreparedStore } from '../prepared-store.ts';
import { askServer } from '../process/ask-server.ts';
import { type StartedProgram, startProgram } from '../process/program.ts';
import { askForever, sendLogs } from './load.ts';

/** A long run also compares rates, with those before and after, which says nothing in a few seconds on a busy machine. */
const isLong = process.env.TAILRACE_PRESSURE_SECONDS !== undefined;
const seconds = 3 * Number(process.env.TAILRACE_PRESSURE_SECONDS);
const maxSeconds = isLong ? 10 : 1;
const linesPerSecond = Number(process.env.TAILRACE_PRESSURE_RATE ?? 10_000);
const askers = 6;

let program: StartedProgram | undefined;
let directory = '';
afterEach(async () => {
  program?.kill('SIGKILL');
  await program?.ended;
  rmSync(directory, { recursive: true, force: true });
});

const doubled = Array.from(
  { length: 25 },
  (_, at) => `c${at + 1} AS (SELECT * FROM c${at} UNION ALL SELECT * FROM c${at})`,
).join(',');

/** Queries that look for no stop, each written in another way. */
const unstoppable: readonly ((name: string) => string)[] = [
  (name) => `SELECT arrayLevenshteinDistance(range(400000), range(400000)) AS ${name}`,
  (name) => `SELECT arrayCount(x -> has(range(1000000), x + 1000000), range(100000)) AS ${name}`,
  (name) => `WITH c0 AS (SELECT 1 AS ${name}),${doubled} SELECT count() FROM c25`,
  (name) =>
    `SELECT editDistance(repeat('ab', 30000), repeat('ba', 30000)) AS ${name}, editDistance(repeat('ac', 30000), repeat('ca', 30000))`,
];

/** A short run lasts until queries were held for a while, however long that takes. */
function held(): AbortSignal {
  const controller = new AbortController();
  void program?.warns(/could not be stopped/).then(() => setTimeout(() => controller.abort(), 5_000));
  return controller.signal;
}

/** Lines stored per second while so many clients ask. */
async function storedUnder(name: string, url: string, asking: number, ended: AbortSignal) {
  setMaxListeners(0, ended);
  const started = performance.now();
  const question = (asker: number) => (round: number) =>
    unstoppable[(asker + round) % unstoppable.length]?.(`q${asker}_${round}`) ?? '';
  const [sent, ...statuses] = await Promise.all([
    sendLogs(name, url, linesPerSecond, ended),
    ...Array.from({ length: asking }, (_, asker) => askForever(url, question(asker), ended)),
  ]);
  const answers: Record<string, number> = {};
  for (const one of statuses) for (const [status, count] of one) answers[status] = (answers[status] ?? 0) + count;
  return { lines: sent.lines, perSecond: (sent.lines * 1000) / (performance.now() - started), answers };
}

test('logs are stored at half of their rate at least while people ask what cannot be stopped', async () => {
  directory = mkdtempSync(join(tmpdir(), 'tailrace-unstoppable-'));
  const [store, config] = [join(directory, 'store'), join(directory, 'tailrace.yaml')];
  copyPreparedStore(store);
  writeFileSync(config, `query: { maxSeconds: ${maxSeconds} }\n`);
  program = startProgram(['up', '--store', store, '--port', '0', '--config', config]);
  const [, url = ''] = await program.says(/listens on (\S+)/);
  const aSixth = () => AbortSignal.timeout((seconds * 1000) / 6);
  const before = isLong ? await storedUnder('before', url, 0, aSixth()) : undefined;
  const pressed = await storedUnder('pressed', url, askers, isLong ? AbortSignal.timeout(seconds * 1000) : held());
  const after = isLong ? await storedUnder('after', url, 0, aSixth()) : undefined;
  const alone = before && after && (before.perSecond + after.perSecond) / 2;
  console.info(`unstoppable: ${JSON.stringify({ alonePerSecond: alone, ...pressed })}`);
  program.kill('SIGTERM');
  const { code, stderr } = await program.ended;
  console.info(stderr.slice(0, 3000));
  expect(code).toBe(0);
  expect(stderr).toMatch(/the engine is started again: a statement could not be stopped/);
  // Questions are held from the first restart on.
  expect(pressed.answers['503']).toBeGreaterThan(0);
  program = startProgram(['up', '--store', store, '--port', '0', '--config', config]);
  const [, again = ''] = await program.says(/listens on (\S+)/);
  const lines = pressed.lines + (before?.lines ?? 0) + (after?.lines ?? 0);
  expect(await askServer(again, 'SELECT toUInt32(count()) AS lines FROM requests')).toEqual([{ lines }]);
  if (alone !== undefined) expect(pressed.perSecond / alone).toBeGreaterThan(0.5);
});
