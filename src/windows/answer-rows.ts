import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Engine, Statement } from '../engine/engine.ts';

/** The answer of a question that is small, as text. */
export async function readText(
  engine: Engine,
  statement: Pick<Statement, 'sql' | 'params'>,
  format = 'TSVRaw',
): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of engine.ask(statement, { format })) pieces.push(piece);
  return Buffer.concat(pieces).toString();
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
