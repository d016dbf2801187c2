import { setMaxListeners } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { askServer } from '../process/ask-server.ts';
import { type StartedProgram, startProgram } from '../process/program.ts';
import { limitMemory } from './limited-memory.ts';
import { askForever, readSlowly, sendLogs, watchHealth } from './load.ts';

/** A long run also compares rates, which says nothing in a few seconds on a busy machine. */
const isLong = process.env.TAILRACE_PRESSURE_SECONDS !== undefined;
const seconds = Number(process.env.TAILRACE_PRESSURE_SECONDS ?? 5);
const linesPerSecond = Number(process.env.TAILRACE_PRESSURE_RATE ?? 10_000);
const gibibyte = 1024 ** 3;
const memory = limitMemory(gibibyte);
if (typeof memory === 'string') console.info(`skipped test/pressure: ${memory}`);

let program: StartedProgram | undefined;
let directory = '';
afterEach(async () => {
  program?.kill('SIGKILL');
  await program?.ended;
  rmSync(directory, { recursive: true, force: true });
  if (typeof memory !== 'string') memory.remove();
});

const heavy = [
  'SELECT groupArray(number) FROM numbers(1000000000)',
  'SELECT number, count() FROM numbers(100000000) GROUP BY number ORDER BY number DESC LIMIT 10',
  "SELECT arrayMap(x -> repeat('x', 100000), range(100000))",
  'SELECT a.number FROM numbers(1000000) AS a CROSS JOIN numbers(1000000) AS b ORDER BY b.number LIMIT 5',
  'SELECT client_ip, uniqExact(request_id), groupArray(path) FROM requests GROUP BY client_ip',
  'SELECT count() FROM requests AS a JOIN requests AS b ON a.client_ip = b.client_ip',
];
const large = "SELECT number, repeat('x', 200) FROM numbers(300000)";

/** Lines stored per second while so many clients query. */
async function storedUnder(name: string, url: string, askers: number, readers: number) {
  const ended = AbortSignal.timeout(seconds * 1000);
  setMaxListeners(0, ended);
  const before = await countStored(url);
  const started = performance.now();
  const [sent, longestMs, ...statuses] = await Promise.all([
    sendLogs(name, url, linesPerSecond, ended),
    watchHealth(url, ended),
    ...Array.from({ length: askers }, (_, n) =>
      askForever(url, (round) => heavy[(n + round) % heavy.length] ?? '', ended),
    ),
    ...Array.from({ length: readers }, () => readSlowly(url, large, ended)),
  ]);
  const took = (performance.now() - started) / 1000;
  return { sent, longestMs, statuses, rate: sent.lines / took, stored: (await countStored(url)) - before };
}

async function countStored(url: string): Promise<number> {
  const [row] = await askServer<{ n: string }>(url, 'SELECT toString(count()) AS n FROM requests');
  return Number(row?.n);
}

test.skipIf(typeof memory === 'string')(
  'lives within 1 GiB while 100 people ask what is heavy, others read slowly, and logs come in',
  async () => {
    if (typeof memory === 'string') return;
    directory = mkdtempSync(join(tmpdir(), 'tailrace-pressure-'));
    writeFileSync(join(directory, 'tailrace.yaml'), 'query: { maxSeconds: 10 }\n');
    const args = [
      'up',
      '--store',
      join(directory, 'store'),
      '--port',
      '0',
      '--config',
      join(directory, 'tailrace.yaml'),
    ];
    program = startProgram(args, { wrapper: memory.wrapper });
    const [, url = ''] = await program.says(/listens on (\S+)/);
    const alone = isLong ? await storedUnder('alone', url, 0, 0) : undefined;
    const pressed = await storedUnder('pressed', url, 100, 8);
    const report = {
      ...(alone ? { aloneLinesPerSecond: Math.round(alone.rate) } : {}),
      pressedLinesPerSecond: Math.round(pressed.rate),
      longestHealthMs: Math.round(pressed.longestMs),
      peakMegabytes: Math.round(memory.peakBytes() / 1e6),
      kills: memory.kills(),
      refused: pressed.sent.refused,
      statuses: pressed.statuses.reduce(
        (sums, one) => {
          for (const [status, count] of one ?? []) sums[status] = (sums[status] ?? 0) + count;
          return sums;
        },
        {} as Record<string, number>,
      ),
    };
    console.info(`pressure: ${JSON.stringify(report)}`);
    program.kill('SIGTERM');
    const { stderr } = await program.ended;
    if (stderr !== '') console.info(stderr.slice(0, 3000));
    expect(memory.kills()).toBe(0);
    expect(pressed.stored).toBe(pressed.sent.lines);
    expect(pressed.longestMs).toBeLessThan(Number.POSITIVE_INFINITY);
    if (!alone) return;
    expect(pressed.rate / alone.rate).toBeGreaterThan(0.5);
    expect(pressed.longestMs).toBeLessThan(1000);
  },
  600_000,
);
