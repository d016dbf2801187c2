import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyPreparedStore } from '../../../../test/prepared-store.ts';
import type { Statement } from '../../../engine/engine.ts';
import { findLogFormat } from '../../../formats/logs/catalog.ts';
import { openStore, type Store } from '../../../store/open-store.ts';
import { compileLogInsert, type LogOrigin } from '../compile-log-insert.ts';
import type { LogLayout } from '../log-layout.ts';

type Content = string | Uint8Array;

/** A store for the lines of one file of tests, each batch of which is asked for by itself. */
export class LogStore {
  readonly #directory: string;
  readonly #store: Store;

  private constructor(directory: string, store: Store) {
    this.#directory = directory;
    this.#store = store;
  }

  static async open(): Promise<LogStore> {
    const directory = await mkdtemp(join(tmpdir(), 'tailrace-compile-logs-'));
    return new LogStore(directory, await openStore({ directory: copyPreparedStore(join(directory, 'store')) }));
  }

  async close(): Promise<void> {
    await this.#store.close();
    await rm(this.#directory, { recursive: true, force: true });
  }

  insert(layout: LogLayout, origin: LogOrigin, contents: readonly Content[]): Promise<void> {
    return this.insertBy(contents, (source) => compileLogInsert(layout, origin, source));
  }

  async insertBy(contents: readonly Content[], statement: (source: string) => Statement): Promise<void> {
    const files = contents.map((content, index) => {
      const path = join(this.#directory, `object-${index}`);
      writeFileSync(path, content);
      return { path, gzip: false };
    });
    await this.#store.engine.insertFrom({ kind: 'lines', files }, statement);
  }

  rowsOf<T>(origin: LogOrigin, columns: string, table = 'logs'): Promise<T[]> {
    return this.#store.engine.rows<T>({
      sql: `SELECT ${columns} FROM ${table} WHERE batch = {batch:UInt64} ORDER BY ALL`,
      params: { batch: origin.batch },
    });
  }

  async booksOf(origin: LogOrigin) {
    const [books] = await this.#store.engine.rows<Record<'lines' | 'rows' | 'comments' | 'rejected' | 'kept', number>>({
      sql: `
        SELECT sum(lines) AS lines, sum(comments) AS comments, sum(rejected) AS rejected,
          (SELECT count() FROM logs WHERE batch = {batch:UInt64}) AS rows,
          (SELECT count() FROM rejects WHERE batch = {batch:UInt64}) AS kept
        FROM tallies WHERE batch = {batch:UInt64}`,
      params: { batch: origin.batch },
    });
    return books;
  }
}

export function layoutOf(name: string, onlyJson = false): LogLayout {
  const format = findLogFormat(name);
  if (!format) throw new Error(`no format ${name}`);
  return { format, onlyJson };
}

let batches = 0;

export function originOf(objects: number): LogOrigin {
  const each = (name: string) => Array.from({ length: objects }, (_, index) => `${name}-${index + 1}`);
  return {
    batch: String(++batches),
    origins: each('origin'),
    filenames: each('file'),
    groups: each('group'),
    streams: each('stream'),
    services: each('service'),
    hosts: each('host'),
    arrivedAtMs: each('').map((_, index) => Date.UTC(2026, 2, 1 + index)),
  };
}
