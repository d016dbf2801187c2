import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type StubAws, startStubAws } from '../sources/test-doubles/stub-aws.ts';
import { backfillCommand, progressLine, readTarget } from './backfill.ts';
import { announceServer, withdrawServer } from './running-server.ts';

const args = (words: string[], values: Record<string, string | boolean> = {}) => ({ positionals: words, values });

describe('words', () => {
  test('name a bucket, a prefix, a time and how to get there', () => {
    const values = {
      from: '2026-01-01',
      to: '2026-02-01T12:00Z',
      region: 'eu-west-1',
      'assume-role': 'arn:aws:iam::1:role/r',
    };
    expect(readTarget(args(['s3://my-logs/edge/a b'], values))).toEqual({
      bucket: 'my-logs',
      prefix: 'edge/a b',
      range: { fromMs: Date.UTC(2026, 0, 1), untilMs: Date.UTC(2026, 1, 1, 12) },
      region: 'eu-west-1',
      assumeRole: { roleArn: 'arn:aws:iam::1:role/r' },
    });
    expect(readTarget(args(['s3://my-logs']))).toEqual({ bucket: 'my-logs', prefix: '', range: {} });
  });

  test.each([
    [[], {}, 'wants one s3://BUCKET'],
    [['my-logs/edge'], {}, 'wants one s3://BUCKET'],
    [['s3://a-b', 's3://c-d'], {}, 'wants one s3://BUCKET'],
    [['s3://a-b'], { from: 'yesterday' }, 'cannot read --from "yesterday"'],
    [['s3://a-b'], { from: '2026-02-01', to: '2026-01-01' }, '--from must be before --to'],
    [['s3://a-b'], { 'external-id': 'x' }, 'goes with --assume-role'],
  ])('that are wrong: %j %j', (words, values, problem) => {
    expect(() => readTarget(args(words, values))).toThrow(problem);
  });
});

test('progress says what is known so far, and what it waits for', () => {
  const none = { known: 0, ignored: 0, gone: 0, lines: 0, rejected: 0, comments: 0, excluded: 0 };
  const progress = { ...none, found: 5000, foundBytes: 1e9, done: 1200, doneBytes: 42e6, rows: 120_000 };
  expect(progressLine(progress, 10_000)).toBe(
    '1,200 of 5,000 objects found so far, 42 MB, 120,000 rows, 12,000 rows/s',
  );
  expect(progressLine({ ...progress, problem: 'disk full' }, 10_000)).toContain('; disk full');
});

describe('from a bucket into a store', () => {
  let aws: StubAws;
  let store: string;

  beforeAll(async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testtest');
    aws = await startStubAws();
    const logs = new URL('../../examples/logs/simulated-edge/', import.meta.url);
    for (const name of readdirSync(logs)) aws.objects.set(`logs/edge/${name}`, readFileSync(new URL(name, logs)));
    aws.objects.set('logs/edge/ELBAccessLogTestFile', Buffer.from('test'));
    store = mkdtempSync(join(tmpdir(), 'tailrace-backfill-'));
  });

  afterAll(async () => {
    await aws.close();
    rmSync(store, { recursive: true, force: true });
  });

  const run = async (prefix: string, values: Record<string, string> = {}): Promise<Record<string, unknown>> => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const options = { store, endpoint: aws.url, region: 'us-east-1', json: true, ...values };
    try {
      const code = await backfillCommand.run(args([`s3://logs/${prefix}`], options));
      return { code, ...(JSON.parse(String(write.mock.calls.at(-1)?.[0])) as object) };
    } finally {
      write.mockRestore();
    }
  };

  test('a second run takes only what the first left out', async () => {
    const all = [...aws.objects.keys()].filter((name) => name.endsWith('.gz')).sort();
    expect(all).toHaveLength(96);
    const day = /\.(\d{4}-\d\d-\d\d)-/.exec(all[0] ?? '')?.[1] ?? '';
    const ofDay = all.filter((name) => name.includes(`.${day}-`)).length;
    const until = new Date(Date.parse(day) + 86_400_000).toISOString();
    const first = await run('edge/', { from: day, to: until });
    expect(first).toMatchObject({ code: 0, done: ofDay, known: 0, failed: [] });
    aws.fail(`GetObject ${all.at(-1)}`, { status: 403, code: 'AccessDenied' });
    const second = await run('edge/');
    expect(second).toMatchObject({ code: 1, known: ofDay, ignored: 1 });
    expect(second).toMatchObject({ failed: [{ path: `s3://${all.at(-1)}` }] });
    aws.fail('ListObjectsV2', { status: 503, code: 'SlowDown' }, 4);
    const third = await run('edge/');
    expect(third).toMatchObject({ code: 0, known: 95, failed: [] });
    expect(Number(first.lines) + Number(second.lines) + Number(third.lines)).toBe(10_192);
    expect(await run('edge/')).toMatchObject({ code: 0, known: 96, lines: 0 });
  });

  test('a store that a server has open is refused at once', async () => {
    const server = createServer((_, response) => response.end('ok'));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await announceServer(store, { url });
    await expect(run('edge/')).rejects.toThrow(`the server at ${url} has it open; stop it, or add a pipeline`);
    await withdrawServer(store);
    server.close();
  });

  test('nothing there is a failure', async () => {
    const errors = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(await run('elsewhere/')).toMatchObject({ code: 1, done: 0 });
    expect(String(errors.mock.calls.at(-1)?.[0])).toContain('check the prefix and the times');
    errors.mockRestore();
  });
});
