import {
  appendFileSync,
  copyFileSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { maxLineBytes } from '../../schema/line-bound.ts';
import { numbered, patience, setUpFollowedFolder, someTime } from '../test-doubles/followed-folder.ts';

const followed = setUpFollowedFolder();
const { at, expectNumbers, start } = followed;

test('rotation by renaming: the old file is read to its end, the new one from its start', async () => {
  writeFileSync(at('a.log'), numbered(0, 2));
  start();
  await expectNumbers(2);
  appendFileSync(at('a.log'), numbered(2, 4));
  renameSync(at('a.log'), at('a.log.1'));
  writeFileSync(at('a.log'), numbered(4, 6));
  await expectNumbers(6);
  appendFileSync(at('a.log.1'), numbered(6, 8));
  appendFileSync(at('a.log'), numbered(8, 9));
  await expectNumbers(9);
});

test.each<[string, (text: string) => Buffer]>([
  ['UTF-16LE', (text) => Buffer.from(text, 'utf16le')],
  ['UTF-16BE', (text) => Buffer.from(text, 'utf16le').swap16()],
])('a file in %s grows and is rotated like the others', async (_, encode) => {
  writeFileSync(at('a.log'), encode(`\uFEFF${numbered(0, 3)}`));
  start();
  await expectNumbers(3);
  // The first byte of a character may be written before the second.
  const more = encode(numbered(3, 6));
  appendFileSync(at('a.log'), more.subarray(0, 41));
  await someTime();
  appendFileSync(at('a.log'), more.subarray(41));
  await expectNumbers(6);
  renameSync(at('a.log'), at('a.log.1'));
  writeFileSync(at('a.log.1.gz'), gzipSync(Buffer.concat([encode(`\uFEFF${numbered(0, 3)}`), more])));
  await someTime();
  await expectNumbers(6);
});

test('carriage returns alone end the lines of a followed file', async () => {
  writeFileSync(at('a.log'), numbered(0, 3).replaceAll('\n', '\r'));
  start();
  await expectNumbers(2);
  appendFileSync(at('a.log'), numbered(3, 6));
  await expectNumbers(6);
});

test('rotation by renaming within the pattern repeats nothing', async () => {
  writeFileSync(at('a.log'), numbered(0, 2));
  start([at('a*')]);
  await expectNumbers(2);
  for (let n = 2; n < 6; n++) {
    if (n > 2) renameSync(at('a.log.1'), at('a.log.2'));
    renameSync(at('a.log'), at('a.log.1'));
    writeFileSync(at('a.log'), numbered(n, n + 1));
    await expectNumbers(n + 1);
  }
  await someTime();
  await expectNumbers(6);
});

test('a rotated file ends with its last line, though it has no newline', async () => {
  writeFileSync(at('a.log'), `${numbered(0, 1)}1 half`);
  start();
  await expectNumbers(1);
  renameSync(at('a.log'), at('a.log.1'));
  await someTime();
  await expectNumbers(1);
  await expectNumbers(2);
});

test.each(['a*', '*.log'])('rotation by copying and cutting repeats nothing, followed as %s', async (pattern) => {
  writeFileSync(at('a.log'), numbered(0, 4));
  start([at(pattern)]);
  await expectNumbers(4);
  copyFileSync(at('a.log'), at('a.log.1'));
  await someTime();
  truncateSync(at('a.log'));
  appendFileSync(at('a.log'), numbered(4, 5));
  await expectNumbers(5);
  await someTime();
  await expectNumbers(5);
});

test('what was written between the last look and the cut is taken from the copy', async () => {
  writeFileSync(at('a.log'), numbered(0, 100));
  start();
  await expectNumbers(100);
  appendFileSync(at('a.log'), numbered(100, 200));
  copyFileSync(at('a.log'), at('a.log.1'));
  truncateSync(at('a.log'));
  appendFileSync(at('a.log'), numbered(200, 600));
  await expectNumbers(600);
});

/** A line of the log is on its way to the store, which takes nothing until the returned function is called. */
async function holdWith(line: string): Promise<() => void> {
  const open = followed.sink.hold();
  const calls = followed.sink.calls.length;
  appendFileSync(at('a.log'), line);
  await expect.poll(() => followed.sink.calls.length, patience).toBe(calls + 1);
  return open;
}

test('a log that is copied, cut and compressed while the store takes nothing is not repeated', async () => {
  writeFileSync(at('a.log'), numbered(0, 100));
  start([followed.folder]);
  await expectNumbers(100);
  const open = await holdWith(numbered(100, 101));
  appendFileSync(at('a.log'), numbered(101, 110));
  writeFileSync(at('a.log.1.gz'), gzipSync(readFileSync(at('a.log'))));
  truncateSync(at('a.log'));
  appendFileSync(at('a.log'), numbered(110, 111));
  // Long enough for the compressed file to count as complete.
  await someTime(3000);
  open();
  await expectNumbers(111);
  await someTime();
  await expectNumbers(111);
});

test('a copy that takes long, with the cut before its end is noticed, repeats nothing', async () => {
  writeFileSync(at('a.log'), numbered(0, 100));
  start([at('a*')]);
  await expectNumbers(100);
  const all = readFileSync(at('a.log'));
  writeFileSync(at('a.log.1'), all.subarray(0, all.length / 2));
  await someTime();
  const open = await holdWith(numbered(100, 101));
  writeFileSync(at('a.log.1'), all.subarray(0, all.length * 0.75));
  await someTime();
  copyFileSync(at('a.log'), at('a.log.1'));
  truncateSync(at('a.log'));
  appendFileSync(at('a.log'), numbered(101, 102));
  open();
  await expectNumbers(102);
  await someTime();
  await expectNumbers(102);
});

test('a log that its program still writes to after it was compressed is not repeated', async () => {
  writeFileSync(at('a.log'), numbered(0, 100));
  start([followed.folder]);
  await expectNumbers(100);
  const open = await holdWith(numbered(100, 101));
  writeFileSync(at('a.log.1.gz'), gzipSync(readFileSync(at('a.log'))));
  renameSync(at('a.log'), at('a.log.1'));
  appendFileSync(at('a.log.1'), numbered(101, 102));
  rmSync(at('a.log.1'));
  await someTime(3000);
  open();
  await expectNumbers(102);
  await someTime();
  await expectNumbers(102);
});

test('a deleted file is read to its end', async () => {
  writeFileSync(at('a.log'), numbered(0, 2));
  start();
  await expectNumbers(2);
  const open = followed.sink.hold();
  appendFileSync(at('a.log'), numbered(2, 3));
  await someTime();
  appendFileSync(at('a.log'), numbered(3, 5));
  rmSync(at('a.log'));
  open();
  await expectNumbers(5);
});

test('files that are written and rotated away between two looks are found by what they were called', async () => {
  writeFileSync(at('a.log'), numbered(0, 2));
  writeFileSync(at('a.log.old'), 'was there before\n');
  utimesSync(at('a.log.old'), new Date(0), new Date(0));
  start([at('a.log')]);
  await expectNumbers(2);
  for (let n = 2; n < 8; n++) {
    renameSync(at('a.log'), at(`a.log.${n}`));
    writeFileSync(at('a.log'), numbered(n, n + 1));
  }
  await expectNumbers(8);
  await someTime();
  await expectNumbers(8);
});

test('files rotate while the store takes nothing', async () => {
  writeFileSync(at('a.log'), numbered(0, 2));
  start();
  await expectNumbers(2);
  const open = followed.sink.hold();
  for (let n = 2; n < 8; n++) {
    renameSync(at('a.log'), at(`a.log.${n}`));
    writeFileSync(at('a.log'), numbered(n, n + 1));
    await someTime(150);
  }
  open();
  await expectNumbers(8);
});

test('of a line that is too long so much is taken as tells that it is, also over a restart in the middle of it', async () => {
  const long = 'x'.repeat(9_000_000);
  writeFileSync(at('a.log'), `0 begins\n${long}`);
  const { stop } = start();
  await expect.poll(() => followed.sink.lines.length, patience).toBe(2);
  await someTime();
  await stop();
  appendFileSync(at('a.log'), `${long}\n1 goes on\n`);
  start();
  await expect.poll(() => followed.sink.lines.length, patience).toBe(3);
  expect(followed.sink.lines.map((line) => line.length)).toEqual([8, maxLineBytes + 1, 9]);
});

test('the rest of half a line that was taken is not part of a long one', async () => {
  writeFileSync(at('a.log'), `0 begins\n${'x'.repeat(5_000_000)}\n1 half`);
  start();
  await expect.poll(() => followed.sink.lines.length, patience).toBe(2);
  renameSync(at('a.log'), at('a.log.1'));
  await expect.poll(() => followed.sink.lines.length, patience).toBe(3);
  appendFileSync(at('a.log.1'), ' and the rest\n');
  await expect.poll(() => followed.sink.lines.at(-1), patience).toBe(' and the rest');
});
