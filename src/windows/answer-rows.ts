import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Engine, InputFile, Statement } from '../engine/engine.ts';

/** Who answers questions: the engine, or a running server. */
export type Asker = Pick<Engine, 'ask'>;

/** The rows of a small answer; integers of 64 bits are text. */
export async function readAnswer<T>(asker: Asker, statement: Pick<Statement, 'sql' | 'params'>): Promise<T[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of asker.ask(statement, { format: 'JSON' })) pieces.push(piece);
  return (JSON.parse(Buffer.concat(pieces).toString()) as { readonly data: T[] }).data;
}

export interface StoredQuestion extends Pick<Statement, 'sql' | 'params'> {
  readonly isUrgent: boolean;
}

export interface AnswerTarget {
  /** Name and type of each column of the answers. */
  readonly columns: readonly (readonly [name: string, type: string])[];
  /** An INSERT … SELECT from the answers. @param source its FROM clause; `object` in it is the 1-based number of the question */
  readonly insert: (source: string) => Statement;
}

/**
 * Stores what questions answer, by one statement. They have the rights of a person's question, which may not write: so the
 * answers become files, as Parquet, which another statement stores.
 * @param folder for the files
 * @throws EngineError
 */
export async function storeAnswers(
  engine: Engine,
  questions: readonly StoredQuestion[],
  { columns, insert }: AnswerTarget,
  folder: string,
): Promise<void> {
  if (questions.length === 0) return;
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  const files: InputFile[] = [];
  try {
    for (const question of questions) {
      const path = join(folder, `${randomUUID()}.parquet`);
      paths.push(path);
      const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
      await pipeline(engine.ask(question, { format: 'Parquet', isUrgent: question.isUrgent }), file);
      files.push({ path, gzip: false, bytes: (await stat(path)).size });
    }
    await engine.insertFrom({ kind: 'parquet', files, columns }, insert);
  } finally {
    await Promise.all(paths.map((path) => rm(path, { force: true })));
  }
}
