import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Engine, Statement } from '../engine/engine.ts';

/** Who answers questions: the engine, or a running server. */
export type Asker = Pick<Engine, 'ask'>;

/** The rows of a small answer; integers of 64 bits are text. */
export async function readAnswer<T>(asker: Asker, statement: Pick<Statement, 'sql' | 'params'>): Promise<T[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of asker.ask(statement, { format: 'JSON' })) pieces.push(piece);
  return (JSON.parse(Buffer.concat(pieces).toString()) as { readonly data: T[] }).data;
}

export interface AnswerTarget {
  /** Name and type of each column of the answer. */
  readonly columns: readonly (readonly [name: string, type: string])[];
  /** An INSERT … SELECT from the answer. @param source its FROM clause */
  readonly insert: (source: string) => Statement;
}

/**
 * Stores what a question answers. It has the rights of a person's question, which may not write: so its answer becomes a
 * file, as Parquet, which another statement stores.
 * @param folder for the file
 * @throws EngineError
 */
export async function storeAnswer(
  engine: Engine,
  question: Pick<Statement, 'sql' | 'params'>,
  { columns, insert }: AnswerTarget,
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${randomUUID()}.parquet`);
  try {
    await pipeline(engine.ask(question, { format: 'Parquet' }), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    const { size } = await stat(path);
    await engine.insertFrom({ kind: 'parquet', files: [{ path, gzip: false, bytes: size }], columns }, insert);
  } finally {
    await rm(path, { force: true });
  }
}
