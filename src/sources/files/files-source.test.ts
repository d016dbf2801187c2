import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { MemorySink } from '../test-doubles/memory-sink.ts';
import { createFilesSource } from './files-source.ts';

const patience = { timeout: 30_000, interval: 20 };

let folder: string;
let sink: MemorySink;
let stops: (() => Promise<void>)[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tailrace-follow-'));
  sink = new MemorySink();
  stops = [];
});

afterEach(async () => {
  for (const stop of stops) await stop();
  expect(sink.repeated).toEqual([]);
  rmSync(folder, { recursive: true, force: true });
});

function start(paths = [at('*.log')], startFrom: 'beginning' | 'end' = 'beginning') {
  const source = createFilesSource({ pipeline: 'p', paths, startFrom, pollMs: 20 });
  const stopped = new AbortController();
  const running = source.run(sink, stopped.signal);
  const stop = async () => {
    stopped.abort();
    await running;
  };
  stops.push(stop);
  return { source, stop };
}

function at(name: string): string {
  return join(folder, name);
}

/** Lines that tell one another apart. */
function numbered(from: number, until: number): string {
  return Array.from({ length: until - from }, (_, n) => `${from + n} of a log with lines of some length\n`).join('');
}

function numbers(): number[] {
  return sink.lines.map((line) => Number.parseInt(line, 10)).sort((one, other) => one - other);
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}

async function expectNumbers(count: number): Promise<void> {
  await expect.poll(numbers, patience).toEqual(upTo(count));
}

/** Time in which something wrong would show. */
function someTime(ms = 300): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

test('follows what is appended, in whole lines, and names where it came from', async () => {
  writeFileSync(at('a.log'), numbered(0, 3));
  start();
  await expectNumbers(3);
  appendFileSync(at('a.log'), `${numbered(3, 5)}5 of a `);
  await expectNumbers(5);
  appendFileSync(at('a.log'), 'line\n');
  await expectNumbers(6);
  expect(sink.lines.at(-1)).toBe('5 of a line');
  const origins = new Set(sink.stored.map(({ origin }) => origin));
  expect([...origins]).toEqual([expect.stringMatching(/a\.log\?seen=\d{4}-\d\d-\d\dT[\d:.]+Z$/)]);
  expect(sink.stored[0]?.context).toMatchObject({ filename: 'a.log', group: 'p', stream: at('a.log') });
});

test('finds new files, everything in a folder, and each file once', async () => {
  mkdirSync(at('deep'));
  writeFileSync(at('deep/a'), numbered(0, 2));
  symlinkSync(at('deep/a'), at('deep/link'));
  start([folder, at('deep/*')]);
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
  await expect.poll(() => sink.lines.length, patience).toBe(300_002);
  expect(sink.lines.filter((line) => line !== 'same').join('\n')).toBe(large.trimEnd());
  for (const { content } of sink.stored) {
    if (content.kind === 'lines') expect(Buffer.concat(content.chunks).length).toBeLessThanOrEqual(4 * 1024 * 1024);
  }
});

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

test('a deleted file is read to its end', async () => {
  writeFileSync(at('a.log'), numbered(0, 2));
  start();
  await expectNumbers(2);
  const open = sink.hold();
  appendFileSync(at('a.log'), numbered(2, 3));
  await someTime();
  appendFileSync(at('a.log'), numbered(3, 5));
  rmSync(at('a.log'));
  open();
  await expectNumbers(5);
});

test('files rotate while the store takes nothing', async () => {
  writeFileSync(at('a.log'), numbered(0, 2));
  start();
  await expectNumbers(2);
  const open = sink.hold();
  for (let n = 2; n < 8; n++) {
    renameSync(at('a.log'), at(`a.log.${n}`));
    writeFileSync(at('a.log'), numbered(n, n + 1));
    await someTime(150);
  }
  open();
  await expectNumbers(8);
});

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
  await expect.poll(() => sink.lines, patience).toEqual(['started']);
  await first.stop();
  renameSync(at('a.log'), at('a.log.1'));
  writeFileSync(at('a.log'), 'started\n');
  start();
  await expect.poll(() => sink.lines, patience).toEqual(['started', 'started']);
});

test('complete files are stored once, whatever they are called later', async () => {
  writeFileSync(at('a.1.gz'), gzipSync(numbered(0, 3)));
  const first = start([folder]);
  await expectNumbers(3);
  expect(sink.stored[0]).toMatchObject({ content: { kind: 'file', path: at('a.1.gz') } });
  await first.stop();
  renameSync(at('a.1.gz'), at('a.2.gz'));
  writeFileSync(at('a.1.gz'), gzipSync(numbered(3, 5)));
  start([folder]);
  await expectNumbers(5);
  renameSync(at('a.2.gz'), at('a.3.gz'));
  await someTime(3000);
  await expectNumbers(5);
});

test('a compressed log that was read before is not repeated, and what was not read of it is taken', async () => {
  writeFileSync(at('a.log'), numbered(0, 100));
  const first = start([folder]);
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
  start([folder]);
  await expectNumbers(20_000);
  await someTime(3000);
  await expectNumbers(20_000);
});

test('from the end: what is there at the first start is left out, and nothing that comes later', async () => {
  writeFileSync(at('a.log'), 'old\nhalf a ');
  writeFileSync(at('empty.log'), '');
  writeFileSync(at('old.gz'), gzipSync('old\n'));
  const first = start([folder], 'end');
  await expect.poll(() => sink.stored.length, patience).toBe(4);
  await first.stop();
  appendFileSync(at('a.log'), 'line\n');
  appendFileSync(at('empty.log'), 'first\n');
  writeFileSync(at('later.log'), 'new\n');
  start([folder], 'end');
  await expect.poll(() => [...sink.lines].sort(), patience).toEqual(['first', 'half a line', 'new']);
  await someTime(2500);
  expect(sink.lines.length).toBe(3);
});

test('archives are refused, in words', async () => {
  writeFileSync(at('a.log.zst'), Buffer.from('28b52ffd00000000', 'hex'));
  writeFileSync(at('b.log'), numbered(0, 1));
  const { source } = start([folder]);
  await expectNumbers(1);
  await expect
    .poll(() => source.status().problem, patience)
    .toBe(`cannot follow "${at('a.log.zst')}": it is compressed with zstd; decompress it first`);
});

test('a file that may not be read is told, and taken once it may', async () => {
  writeFileSync(at('a.log'), numbered(0, 1), { mode: 0 });
  chmodSync(folder, 0o755);
  // Root may read all: it is somebody else until the file may be read.
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
  expect(await source.check(AbortSignal.timeout(30_000))).toEqual([
    `cannot follow "${at('*.txt')}": no file is there; check the path or the pattern`,
    `cannot follow "${at('missing/*.log')}": no such file or folder; check the path`,
    `cannot follow "${at('missing.log')}": no file is there; check the path or the pattern`,
  ]);
});
