import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { findLayout } from './find-layout.ts';
import { inspectInput, UnusableInputError } from './inspect-input.ts';

const folder = mkdtempSync(join(tmpdir(), 'tailrace-deadline-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

/** A clock that advances by a second per reading, and so per match. */
function slowMatching() {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000));
}

const line = '192.0.2.1 - - [01/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5';

test('a file whose format is not found in time is refused, with what to do', async () => {
  const path = join(folder, 'a.log');
  writeFileSync(path, `${line}\n`.repeat(20));
  await expect(inspectInput(path, {})).resolves.toMatchObject({ layout: { format: { name: 'combined' } } });
  slowMatching();
  await expect(inspectInput(path, {})).rejects.toThrow(UnusableInputError);
  await expect(inspectInput(path, {})).rejects.toThrow(/not found in 10 seconds; name it with --format/);
});

test('so are the lines of a stream', () => {
  slowMatching();
  expect(findLayout([line], {})).toEqual({ refused: expect.stringMatching(/not found in 10 seconds/) });
});
