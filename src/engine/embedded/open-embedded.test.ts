import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { patienceMs } from '../../../test/patience.ts';
import type { EngineError } from '../engine-error.ts';
import { openEmbedded } from './open-embedded.ts';

const limits = { maxSeconds: 5, maxMemoryBytes: 1e9, maxResultRows: 1000 };
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tailrace-open-'));
});
afterEach(() => {
  chmodSync(directory, 0o700);
  rmSync(directory, { recursive: true, force: true });
});

test('what was written is there after closing, in a path with any character', async () => {
  const store = join(directory, "a {b,c}*? 'x' <&> é");
  const first = await openEmbedded(store, { limits });
  await first.run({ sql: 'CREATE TABLE kept (line String) ENGINE = MergeTree ORDER BY line' });
  const path = join(directory, 'input');
  writeFileSync(path, 'a\nb\n');
  await first.insertFrom({ kind: 'lines', files: [{ path, gzip: false, bytes: 4 }] }, (source) => ({
    sql: `INSERT INTO kept SELECT line FROM ${source}`,
  }));
  await Promise.all([first.close(), first.close()]);
  mkdirSync(join(store, 'scratch', 'left over'), { recursive: true });

  const second = await openEmbedded(store, { limits });
  expect(await second.rows({ sql: 'SELECT line FROM tailrace.kept' })).toEqual([{ line: 'a' }, { line: 'b' }]);
  expect(existsSync(join(store, 'scratch', 'left over'))).toBe(false);
  expect(second.version).toMatch(/^\d+\.\d+\./);
  await second.close();
  expect(readdirSync(store).sort()).toEqual(['clickhouse', 'config.xml', 'spool', 'users.xml']);
});

test('closing waits for inserts, stops questions and refuses what comes later', async () => {
  const engine = await openEmbedded(directory, { limits });
  await engine.run({ sql: 'CREATE TABLE slow (n UInt64) ENGINE = MergeTree ORDER BY n' });
  const insert = engine.run({ sql: 'INSERT INTO slow SELECT number + sleepEachRow(0.01) FROM numbers(50)' });
  const question = readFirst(engine.ask({ sql: 'SELECT count() FROM numbers(1000000000000)' }, { format: 'TSV' }));
  const stopped = expect(question).rejects.toMatchObject({ code: 'TAILRACE_QUERY_CANCELLED' });
  await new Promise((resolve) => setTimeout(resolve, 100));
  await engine.close();
  await insert;
  await stopped;
  await expect(engine.rows({ sql: 'SELECT 1' })).rejects.toMatchObject({ code: 'TAILRACE_QUERY_CANCELLED' });
  const again = await openEmbedded(directory, { limits });
  expect(await again.rows({ sql: 'SELECT count() AS n FROM slow' })).toEqual([{ n: 50 }]);
  await again.close();
});

test('a question gives way to inserts, an urgent one does not', async () => {
  const engine = await openEmbedded(directory, { limits });
  const niceness = async (isUrgent: boolean) => {
    const question = { sql: "SELECT getSetting('os_threads_nice_value_query')" };
    const answer = await readFirst(engine.ask(question, { format: 'TSV', isUrgent }));
    return Number(Buffer.from(answer ?? []).toString());
  };
  expect([await niceness(true), await niceness(false)]).toEqual([0, 15]);
  await engine.close();
});

async function readFirst(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array | undefined> {
  for await (const chunk of chunks) return chunk;
  return undefined;
}

test('a second store in one process, and the same one twice, are clear errors', async () => {
  const engine = await openEmbedded(join(directory, 'one'), { limits });
  await expect(openEmbedded(join(directory, 'two'), { limits })).rejects.toMatchObject({
    code: 'TAILRACE_STORE_UNAVAILABLE',
    message: expect.stringContaining('one process opens one store'),
  });
  await expect(openEmbedded(join(directory, 'one'), { limits })).rejects.toMatchObject({
    code: 'TAILRACE_STORE_LOCKED',
  });
  await engine.close();
});

test('a store that is a file, or lies below one', async () => {
  const file = join(directory, 'file');
  writeFileSync(file, '');
  for (const store of [file, join(file, 'below')]) {
    await expect(openEmbedded(store, { limits })).rejects.toMatchObject({
      code: 'TAILRACE_STORE_UNAVAILABLE',
      message: `cannot open the store "${store}": it is a file; name a directory`,
    });
  }
});

test('another process is named by its pid, and one that was killed is forgotten', async () => {
  const open = `
    import { openEmbedded } from ${JSON.stringify(fileURLToPath(new URL('./open-embedded.ts', import.meta.url)))};
    await openEmbedded(process.argv[1], { limits: ${JSON.stringify(limits)} });
    process.stdout.write('open');
    setInterval(() => {}, 1000);
  `;
  const args = ['--import', 'tsx', '--input-type=module', '-e', open, directory];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  await expect(openEmbedded(directory, { limits })).rejects.toMatchObject({
    code: 'TAILRACE_STORE_LOCKED',
    message: expect.stringContaining(`process ${child.pid} has it open`),
  });
  child.kill('SIGKILL');
  await once(child, 'exit');
  const engine = await openEmbedded(directory, { limits });
  await engine.close();
});

test('an engine that outlives its killed program for a moment is waited for', async () => {
  const chdb = createRequire(import.meta.url).resolve('chdb');
  const hold = `
    new (require(${JSON.stringify(chdb)}).Session)(process.argv[1]);
    process.stdout.write('open');
    setTimeout(() => process.exit(), 1000);
  `;
  const data = join(directory, 'clickhouse');
  mkdirSync(data, { recursive: true });
  const holder = spawn(process.execPath, ['-e', hold, data], { stdio: ['ignore', 'pipe', 'inherit'] });
  const released = once(holder, 'exit');
  await once(holder.stdout, 'data');
  const engine = await openEmbedded(directory, { limits });
  await engine.close();
  expect(await released).toEqual([0, null]);
});

const isLinux = process.platform === 'linux';
if (!isLinux) console.info("skipped: the end of the engine's process, because processes are found in /proc");

test.runIf(isLinux)(
  'when its process ends, what runs fails as retryable, what comes waits, and what was acknowledged is there',
  async () => {
    const events: string[] = [];
    const engine = await openEmbedded(directory, { limits, onEngineEvent: (text) => events.push(text) });
    await engine.run({ sql: 'CREATE TABLE kept (n UInt64) ENGINE = MergeTree ORDER BY n' });
    const signals = ['SIGKILL', 'SIGSEGV', 'SIGABRT'] as const;
    for (const [index, signal] of signals.entries()) {
      const round = index + 1;
      await engine.run({ sql: `INSERT INTO kept VALUES (${round})` });
      // Longer than any test here; the kill ends it.
      const running = engine.run({
        sql: 'INSERT INTO kept SELECT 100 + sleepEachRow(1) FROM numbers(60)',
        settings: { max_block_size: 1 },
      });
      const failed = expect(running).rejects.toMatchObject({ code: 'TAILRACE_STORE_UNAVAILABLE', retryable: true });
      await vi.waitUntil(async () => (await engine.rows({ sql: runningInserts })).length > 0, {
        timeout: patienceMs,
      });
      for (const pid of childrenOf(process.pid)) process.kill(pid, signal);
      await failed;
      expect(await engine.rows({ sql: 'SELECT n FROM kept ORDER BY n' })).toHaveLength(round);
    }
    await engine.close();
    expect(events.flatMap((text) => /ended by (SIG\w+)/.exec(text)?.[1] ?? [])).toEqual(signals);
  },
);

test('after a restart for a question its like are refused, and all others wait, also those that waited for a slot', async () => {
  const events: string[] = [];
  const onEngineEvent = (text: string) => events.push(text);
  const engine = await openEmbedded(directory, { limits: { ...limits, maxSeconds: 1 }, onEngineEvent });
  const ask = (sql: string) => readFirst(engine.ask({ sql }, { format: 'TSV' }));
  const unstoppable = (name: string) => `SELECT arrayLevenshteinDistance(range(400000), range(400000)) AS ${name}`;
  const outcomes = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map((name) => ask(unstoppable(name))));
  const codes = outcomes.map((outcome) => outcome.status === 'rejected' && (outcome.reason as EngineError).code);
  // Two run at once.
  const [limit, held] = ['TAILRACE_QUERY_LIMIT', 'TAILRACE_STORE_UNAVAILABLE'];
  expect(codes.sort()).toEqual([limit, limit, held, held, held]);
  await expect(ask('SELECT 1')).rejects.toMatchObject({
    code: 'TAILRACE_STORE_UNAVAILABLE',
    retryable: true,
    retryAfterSeconds: expect.any(Number),
  });
  await engine.run({ sql: 'CREATE TABLE kept (n UInt64) ENGINE = MergeTree ORDER BY n' });
  await engine.close();
  const restarts = events.filter((text) => text === 'the engine is started again: a statement could not be stopped');
  expect(restarts).toHaveLength(1);
});

const runningInserts =
  "SELECT 1 FROM system.processes WHERE query LIKE '%sleepEachRow%' AND query NOT LIKE '%processes%'";

/** Processes of the engine that this one has started. */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((other) => {
      try {
        const stat = readFileSync(`/proc/${other}/stat`, 'utf8');
        const isOurs = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] === String(pid);
        return isOurs && readFileSync(`/proc/${other}/cmdline`, 'utf8').includes('engine/embedded/process/main.cjs');
      } catch {
        return false; // it has ended meanwhile
      }
    });
}
