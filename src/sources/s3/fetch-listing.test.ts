import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startStubAws } from '../test-doubles/stub-aws.ts';
import { fetchListing } from './fetch-listing.ts';

vi.mock('../../waiting/backoff.ts', () => ({ backoffMs: () => 5 }));

const { signal } = new AbortController();

test('objects below a prefix are files one after the other, and nothing is left', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testtest');
  const spoolDirectory = mkdtempSync(join(tmpdir(), 'tailrace-fetched-'));
  const stub = await startStubAws();
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    rmSync(spoolDirectory, { recursive: true, force: true });
    await stub.close();
  });
  const keys = ['http-endpoint-failed/2026/03/01/a-1', 'http-endpoint-failed/2026/03/01/a-2', 'splunk-failed/a-1'];
  for (const key of [...keys, 'splunk-failed/', 'other/a-3'])
    stub.objects.set(`b/refused/${key}`, Buffer.from(key.endsWith('/') ? '' : key));
  stub.objects.set('b/elsewhere', Buffer.from('x'));
  stub.fail(`GetObject b/refused/${keys[1]}`, 'cut');
  const options = { bucket: 'b', prefix: 'refused/', region: 'us-east-1', endpoint: stub.url, spoolDirectory };
  const seen: string[][] = [];
  let last = '';
  for await (const { path, name } of fetchListing(options, signal)) {
    expect(existsSync(last)).toBe(false);
    last = path;
    seen.push([name, basename(path), readFileSync(path, 'utf8')]);
  }
  const expected = [...keys, 'other/a-3'].sort();
  expect(seen).toEqual(expected.map((key) => [`s3://b/refused/${key}`, basename(key), key]));
  expect(readdirSync(spoolDirectory)).toEqual([]);

  stub.fail(`GetObject b/refused/${keys[0]}`, { status: 403, code: 'AccessDenied' });
  await expect(fetchListing(options, signal).next()).rejects.toThrow('allow s3:GetObject on arn:aws:s3:::b/*');
  expect(readdirSync(spoolDirectory)).toEqual([]);
});
