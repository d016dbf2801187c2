import { appendFileSync, mkdtempSync, readdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readAll } from '../../../test/conformance/read-all.ts';
import { AnswerFiles } from './answer-file.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tailrace-answers-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const answersOf = (maxBytes: number) => new AnswerFiles(join(directory, 'answers'), maxBytes);
const never = () => expect.unreachable();

test('an answer is read as it was written, and nothing stays', async () => {
  const text = 'a line\n'.repeat(100_000);
  expect(await readAll(answersOf(1e9).read(async (path) => writeFileSync(path, text), never))).toBe(text);
  expect(readdirSync(join(directory, 'answers'))).toEqual([]);
});

test('one that grows beyond its bound is stopped, and takes no place any more', async () => {
  const answers = answersOf(20_000);
  let stop: (error: Error) => void = never;
  const endless = answers.read(
    (path) =>
      new Promise((_, reject) => {
        const timer = setInterval(() => appendFileSync(path, 'x'.repeat(1000)), 5);
        stop = (error) => {
          clearInterval(timer);
          reject(error);
        };
      }),
    (error) => stop(error),
  );
  await expect(endless.next()).rejects.toMatchObject({
    code: 'TAILRACE_QUERY_LIMIT',
    message: expect.stringMatching(/larger than/),
    retryable: false,
  });
  expect(await readAll(answers.read(async (path) => writeFileSync(path, 'y'), never))).toBe('y');
});

test('answers that nobody reads keep others from being written', async () => {
  const answers = answersOf(10);
  const unread = ['1', '2'].map((letter) => answers.read(async (path) => writeFileSync(path, letter.repeat(5)), never));
  for (const answer of unread) await answer.next();
  await expect(answers.read(async () => {}, never).next()).rejects.toMatchObject({ retryable: true });
  await unread[0]?.return(undefined);
  expect(await readAll(answers.read(async (path) => writeFileSync(path, 'y'), never))).toBe('y');
  await unread[1]?.return(undefined);
});

test('what is put into the place of an answer is not read', async () => {
  const secret = join(directory, 'secret');
  writeFileSync(secret, 'a secret');
  const swapped = answersOf(1e9).read(async (path) => {
    writeFileSync(path, 'an answer');
    unlinkSync(path);
    symlinkSync(secret, path);
  }, never);
  expect(await readAll(swapped)).toBe('an answer');
});

test('without the folder there is an error that does not name it', async () => {
  const answers = answersOf(1e9);
  rmSync(join(directory, 'answers'), { recursive: true });
  const error: unknown = await answers
    .read(async () => {}, never)
    .next()
    .then(never, (reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'TAILRACE_STORE_UNAVAILABLE' });
  expect(String(error)).not.toContain(directory);
});
