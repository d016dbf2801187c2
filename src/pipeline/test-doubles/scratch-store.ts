import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyPreparedStore } from '../../../test/prepared-store.ts';
import { openStore, type Store } from '../../store/open-store.ts';
import { openSink, type StoreSink } from '../open-sink.ts';

export const header =
  '#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status x-edge-request-id\n';

/** Lines below {@link header}, each with its own path and id. */
export function lines(count: number, tag = 'a'): string {
  return Array.from(
    { length: count },
    (_, index) =>
      `2026-03-01\t10:00:0${index % 10}\tFRA56-P4\t${100 + index}\t203.0.113.7\tGET\td1.cloudfront.net\t/${tag}/${index}\t200\t${tag}-${index}\n`,
  ).join('');
}

/** An embedded store, and files beside it, for the tests of one file. */
export class ScratchStore {
  readonly store: Store;
  readonly root: string;
  /** For inputs on their way into the store; on the store's disk. */
  readonly spoolDirectory: string;
  readonly #sinks: StoreSink[] = [];
  #folders = 0;

  private constructor(root: string, store: Store) {
    this.root = root;
    this.store = store;
    this.spoolDirectory = join(root, 'spool');
  }

  static async open(): Promise<ScratchStore> {
    const root = await realpath(await mkdtemp(join(tmpdir(), 'tailrace-scratch-')));
    return new ScratchStore(root, await openStore({ directory: copyPreparedStore(join(root, 'store')) }));
  }

  /** A sink into the store, closed with it. */
  openSink(): StoreSink {
    const sink = openSink(this.store, {
      spoolDirectory: join(this.root, 'store', 'spool', `sink-${this.#sinks.length}`),
    });
    this.#sinks.push(sink);
    return sink;
  }

  async close(): Promise<void> {
    for (const sink of this.#sinks) await sink.close();
    await this.store.close();
    await rm(this.root, { recursive: true, force: true });
  }

  /** A separate folder, so that no test sees the files of another. */
  folder(): string {
    const path = join(this.root, `logs-${++this.#folders}`);
    mkdirSync(path);
    return path;
  }

  file(name: string, content: string | Buffer, inside = this.folder()): string {
    const path = join(inside, name);
    writeFileSync(path, content);
    return path;
  }

  async storedRows(path: string): Promise<number> {
    const [row] = await this.store.engine.rows<{ count: number }>({
      sql: 'SELECT count() AS count FROM requests WHERE batch IN (SELECT batch FROM ledger WHERE origin = {path:String})',
      params: { path },
    });
    return row?.count ?? 0;
  }

  ledgerOf(path: string) {
    return this.store.engine.rows<Record<string, number>>({
      sql: `SELECT from_line, lines, rows, rejected, comments, bytes, content_bytes FROM ledger
            WHERE origin = {path:String} ORDER BY from_line, stored_at`,
      params: { path },
    });
  }
}
