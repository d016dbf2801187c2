import { appendFileSync, copyFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { numbered, patience, setUpFollowedFolder, someTime } from '../test-doubles/followed-folder.ts';

const followed = setUpFollowedFolder();
const { at, expectNumbers, start } = followed;

test('goes on after a restart where it stopped', async () => {
  writeFileSync(at('a.log'), numbered(0, 3));
  writeFileSync(at('b.log'), numbered(3, 5));
  const first = start();
  await expectNumbers(5);
  await first.stop();
  appendFileSync(at('a.log'), numbered(5, 7));
  start();
  await expectNumbers(7);
  await someTime();
  await expectNumbers(7);
});

test('goes on in a file that was renamed out of the pattern meanwhile', async () => {
  writeFileSync(at('a.log'), numbered(0, 3));
  const first = start();
  await expectNumbers(3);
  await first.stop();
  appendFileSync(at('a.log'), numbered(3, 5));
  renameSync(at('a.log'), at('a.log-20261005'));
  writeFileSync(at('a.log'), numbered(5, 8));
  start();
  await expectNumbers(8);
});

test('goes on in the copy when a file was copied and cut meanwhile', async () => {
  writeFileSync(at('a.log'), numbered(0, 3));
  const first = start();
  await expectNumbers(3);
  await first.stop();
  appendFileSync(at('a.log'), numbered(3, 5));
  copyFileSync(at('a.log'), at('a.log.1'));
  truncateSync(at('a.log'));
  appendFileSync(at('a.log'), numbered(5, 25));
  start();
  await expectNumbers(25);
});

test('an inode that is used again is another file', async () => {
  writeFileSync(at('a.log'), numbered(0, 3));
  const first = start();
  await expectNumbers(3);
  await first.stop();
  // The same inode with other content, longer than what was read.
  writeFileSync(at('a.log'), numbered(3, 20));
  start();
  await expectNumbers(20);
});

test('a new file that begins as the renamed one did is another file', async () => {
  writeFileSync(at('a.log'), 'started\n');
  const first = start();
  await expect.poll(() => followed.sink.lines, patience).toEqual(['started']);
  await first.stop();
  renameSync(at('a.log'), at('a.log.1'));
  writeFileSync(at('a.log'), 'started\n');
  start();
  await expect.poll(() => followed.sink.lines, patience).toEqual(['started', 'started']);
});

test('complete files are stored once, whatever they are called later', async () => {
  writeFileSync(at('a.1.gz'), gzipSync(numbered(0, 3)));
  const first = start([followed.folder]);
  await expectNumbers(3);
  expect(followed.sink.stored[0]).toMatchObject({ content: { kind: 'file', path: at('a.1.gz') } });
  await first.stop();
  renameSync(at('a.1.gz'), at('a.2.gz'));
  writeFileSync(at('a.1.gz'), gzipSync(numbered(3, 5)));
  start([followed.folder]);
  await expectNumbers(5);
  renameSync(at('a.2.gz'), at('a.3.gz'));
  await someTime(3000);
  await expectNumbers(5);
});

test('a compressed log that was read before is not repeated, and what was not read of it is taken', async () => {
  writeFileSync(at('a.log'), numbered(0, 100));
  const first = start([followed.folder]);
  await expectNumbers(100);
  writeFileSync(at('a.log.1.gz'), gzipSync(readFileSync(at('a.log'))));
  rmSync(at('a.log'));
  writeFileSync(at('a.log'), numbered(100, 200));
  await expectNumbers(200);
  await someTime(3000);
  await expectNumbers(200);
  await first.stop();
  renameSync(at('a.log.1.gz'), at('a.log.2.gz'));
  appendFileSync(at('a.log'), numbered(200, 20_000));
  writeFileSync(at('a.log.1.gz'), gzipSync(readFileSync(at('a.log'))));
  rmSync(at('a.log'));
  start([followed.folder]);
  await expectNumbers(20_000);
  await someTime(3000);
  await expectNumbers(20_000);
});
