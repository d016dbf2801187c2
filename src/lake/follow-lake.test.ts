import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { copyPreparedStore } from '../../test/prepared-store.ts';
import { storeRandomRequests } from '../reports/test-doubles/random-requests.ts';
import { setTestCredentials } from '../sources/test-doubles/local-stream.ts';
import { type Fault, startStubAws } from '../sources/test-doubles/stub-aws.ts';
import { openStore } from '../store/open-store.ts';
import { FollowedLake } from './follow-lake.ts';

/** Requests that a bucket refuses before it is back. */
const refusals = 24;
const outages: readonly (readonly [name: string, fault: Fault, problem: RegExp])[] = [
  ['away', 'cut', /^cannot write "s3:\/\/b\/lake\/requests\/.*: .+; .+/],
  ['throttling', { status: 503, code: 'SlowDown' }, /^cannot write "s3:\/\/b\/.*SlowDown.*; .+/s],
  ['denying', { status: 403, code: 'AccessDenied' }, /^cannot write "s3:\/\/b\/.*s3:PutObject/s],
];

test('a bucket that is away, throttles or denies is told once, asked again, and gets all hours when it is back', async () => {
  setTestCredentials();
  const root = await mkdtemp(join(tmpdir(), 'tailrace-follow-lake-'));
  const stub = await startStubAws();
  const store = await openStore({ directory: copyPreparedStore(join(root, 'store')) });
  const told: string[] = [];
  const to = { type: 's3', bucket: 'b', prefix: 'lake/', region: 'us-east-1', endpoint: stub.url } as const;
  const lake = new FollowedLake(
    { engine: store.engine, spoolDirectory: join(root, 'spool'), onEvent: (text) => told.push(text) },
    // The longest pause is that between two looks.
    { to, tables: ['requests'], mask: {}, delayMs: 0, everyMs: 20, rewriteAfterMs: 0 },
  );
  onTestFinished(async () => {
    await lake.stop();
    await store.close();
    await stub.close();
    await rm(root, { recursive: true });
  });
  for (const [at, [name, fault, problem]] of outages.entries()) {
    const before = {
      calls: stub.calls.length,
      failures: lake.status.failures,
      told: told.length,
      rows: lake.status.rows,
    };
    stub.fail('PutObject', fault, refusals);
    await storeRandomRequests(store.engine, { first: at * 100, count: 100, hours: 2, batch: at + 1 });
    await expect.poll(() => told.at(-1), { interval: 20 }).toMatch(problem);
    // Both hours, with the rows of each outage until now.
    await expect
      .poll(() => lake.status, { interval: 5 })
      .toMatchObject({ state: 'running', rows: before.rows + 100 * (at + 1) });
    const puts = stub.calls.slice(before.calls).filter((call) => call.startsWith('PutObject'));
    expect({ name, puts: puts.length }).toEqual({ name, puts: refusals + 2 });
    expect(lake.status.failures - before.failures).toBeGreaterThanOrEqual(refusals / 3);
    // Once, not each time; a connection may end in several ways.
    if (fault !== 'cut') expect(told.slice(before.told)).toHaveLength(1);
    expect(lake.status.problem).toBeUndefined();
  }
});
