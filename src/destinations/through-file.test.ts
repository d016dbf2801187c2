import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { makeScratchFolder } from '../../test/process/scratch-folder.ts';
import { throughFile } from './through-file.ts';

const rows = Array.from({ length: 1000 }, (_, row) => Buffer.from(`${row} ${'x'.repeat(row)}\n`));

test('a source ends before the first of its bytes is taken, and nothing is left of the file', async () => {
  const folder = makeScratchFolder();
  let hasEnded = false;
  async function* source() {
    yield* rows;
    hasEnded = true;
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of throughFile(source(), join(folder, 'held'))) {
    expect(hasEnded).toBe(true);
    pieces.push(piece);
    await pause(1);
  }
  expect(Buffer.concat(pieces).equals(Buffer.concat(rows))).toBe(true);
  expect(readdirSync(join(folder, 'held'))).toEqual([]);
});

test('a source that fails, and a reader that leaves, leave nothing', async () => {
  const folder = makeScratchFolder();
  async function* failing() {
    yield* rows;
    throw new Error('the server is gone');
  }
  await expect(throughFile(failing(), folder).next()).rejects.toThrow('the server is gone');
  for await (const _ of throughFile(
    (async function* () {
      yield* rows;
    })(),
    folder,
  ))
    break;
  expect(readdirSync(folder)).toEqual([]);
});

test('a folder that takes no file is named with a remedy', async () => {
  const place = join(import.meta.filename, 'held');
  await expect(throughFile((async function* () {})(), place).next()).rejects.toThrow(
    /cannot write to .*; name another folder/,
  );
});
