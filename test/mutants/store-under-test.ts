import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { groupBy } from '../../src/ledger/group-by.ts';
import { ingestFiles } from '../../src/pipeline/ingest-files.ts';
import { ScratchStore } from '../../src/pipeline/test-doubles/scratch-store.ts';
import type { GoldenFile } from './golden-file.ts';
import { type Stored, storedRows } from './stored-rows.ts';

/** Files that are stored together: those of one format share an INSERT. */
export class StoreUnderTest {
  readonly #scratch: ScratchStore;
  readonly #folder: string;
  readonly #waiting: { readonly path: string; readonly hints: GoldenFile['hints'] }[] = [];

  private constructor(scratch: ScratchStore) {
    this.#scratch = scratch;
    this.#folder = scratch.folder();
  }

  static async open(): Promise<StoreUnderTest> {
    return new StoreUnderTest(await ScratchStore.open());
  }

  close(): Promise<void> {
    return this.#scratch.close();
  }

  add(name: string, { hints }: GoldenFile, lines: readonly string[]): void {
    const path = join(this.#folder, name);
    writeFileSync(path, Buffer.from(`${lines.join('\n')}\n`, 'latin1'));
    this.#waiting.push({ path, hints });
  }

  /** Stores what was added. @returns why files were refused, by their name */
  async store(): Promise<Map<string, string>> {
    const refused = new Map<string, string>();
    const byHints = groupBy(this.#waiting.splice(0), ({ hints }) => JSON.stringify(hints));
    for (const files of byHints.values()) {
      const { failed } = await ingestFiles(
        this.#scratch.store,
        files.map(({ path }) => path),
        { hints: files[0]?.hints ?? {} },
      );
      for (const { path, problem } of failed) refused.set(path.slice(this.#folder.length + 1), problem);
    }
    return refused;
  }

  stored(): Promise<Map<string, Stored>> {
    return storedRows(this.#scratch.store);
  }
}
