import { appendFileSync, chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { patienceMs } from '../../../test/patience.ts';
import { numbered, patience, setUpFollowedFolder, someTime } from '../test-doubles/followed-folder.ts';
import { createFilesSource } from './files-source.ts';
import { maxChunkBytes } from './followed-file.ts';

const followed = setUpFollowedFolder();
const { at, expectNumbers, start } = followed;

test('follows what is appended, in whole lines, and names where it came from', async () => {
  writeFileSync(at('a.log'), numbered(0, 3));
  start();
  await expectNumbers(3);
  appendFileSync(at('a.log'), `${numbered(3, 5)}5 of a `);
  await expectNumbers(5);
  appendFileSync(at('a.log'), 'line\n');
  await expectNumbers(6);
  expect(followed.sink.lines.at(-1)).toBe('5 of a line');
  const origins = new Set(followed.sink.stored.map(({ origin }) => origin));
  expect([...origins]).toEqual([expect.stringMatching(/a\.log\?seen=\d{4}-\d\d-\d\dT[\d:.]+Z$/)]);
  expect(followed.sink.stored[0]?.context).toMatchObject({ filename: 'a.log', group: 'p', stream: at('a.log') });
});

test('finds new files, everything in a folder, and each file once', async () => {
  mkdirSync(at('deep'));
  writeFileSync(at('deep/a'), numbered(0, 2));
  symlinkSync(at('deep/a'), at('deep/link'));
  start([followed.folder, at('deep/*')]);
  await expectNumbers(2);
  writeFileSync(at('b [1].log'), numbered(2, 4));
  await expectNumbers(4);
});

test('takes large files in parts, and files of the same content each', async () => {
  const large = numbered(0, 300_000);
  writeFileSync(at('a.log'), large);
  writeFileSync(at('b-1.log'), 'same\n');
  writeFileSync(at('b-2.log'), 'same\n');
  start();
  await expect.poll(() => followed.sink.lines.length, patience).toBe(300_002);
  expect(followed.sink.lines.filter((line) => line !== 'same').join('\n')).toBe(large.trimEnd());
  for (const { content } of followed.sink.stored) {
    if (content.kind === 'lines') expect(Buffer.concat(content.chunks).length).toBeLessThanOrEqual(maxChunkBytes + 1);
  }
});

test('from the end: what is there at the first start is left out, and nothing that comes later', async () => {
  writeFileSync(at('a.log'), 'old\nhalf a ');
  writeFileSync(at('empty.log'), '');
  writeFileSync(at('old.gz'), gzipSync('old\n'));
  const first = start([followed.folder], 'end');
  await expect.poll(() => followed.sink.stored.length, patience).toBe(4);
  await first.stop();
  appendFileSync(at('a.log'), 'line\n');
  appendFileSync(at('empty.log'), 'first\n');
  writeFileSync(at('later.log'), 'new\n');
  start([followed.folder], 'end');
  await expect.poll(() => [...followed.sink.lines].sort(), patience).toEqual(['first', 'half a line', 'new']);
  await someTime(2500);
  expect(followed.sink.lines.length).toBe(3);
});

test('archives are refused, in words', async () => {
  writeFileSync(at('a.log.zst'), Buffer.from('28b52ffd00000000', 'hex'));
  writeFileSync(at('b.log'), numbered(0, 1));
  const { source } = start([followed.folder]);
  await expectNumbers(1);
  await expect
    .poll(() => source.status().problem, patience)
    .toBe(`cannot follow "${at('a.log.zst')}": it is compressed with zstd; decompress it first`);
});

test('a file that may not be read is told, and taken once it may', async () => {
  writeFileSync(at('a.log'), numbered(0, 1), { mode: 0 });
  chmodSync(followed.folder, 0o755);
  // Root may read everything, so another user is used until the file is readable.
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.('nobody');
  onTestFinished(() => {
    if (isRoot) process.seteuid?.(0);
  });
  const { source } = start();
  const told = `cannot follow "${at('a.log')}": no permission to read it; run as a user who may, or change its mode`;
  await expect.poll(() => source.status(), patience).toMatchObject({ state: 'retrying', problem: told });
  if (isRoot) process.seteuid?.(0);
  chmodSync(at('a.log'), 0o600);
  await expectNumbers(1);
  await expect.poll(() => source.status().state, patience).toBe('running');
});

test('check says what cannot be followed', async () => {
  writeFileSync(at('a.log'), '');
  const source = createFilesSource({
    pipeline: 'p',
    paths: [at('*.log'), at('*.txt'), at('missing/*.log'), at('missing.log')],
    startFrom: 'end',
  });
  expect(await source.check(AbortSignal.timeout(patienceMs))).toEqual([
    `cannot follow "${at('*.txt')}": no file is there; check the path or the pattern`,
    `cannot follow "${at('missing/*.log')}": no such file or folder; check the path`,
    `cannot follow "${at('missing.log')}": no file is there; check the path or the pattern`,
  ]);
});
