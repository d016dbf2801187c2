import { readFile } from 'node:fs/promises';
import type { Engine, Input, Statement } from '../../engine/engine.ts';
import { ScratchStore } from '../../pipeline/test-doubles/scratch-store.ts';

/** What scenarios of windows write. */
const tables = [
  ...['requests', 'logs', 'rejects', 'ledger', 'plans', 'taken_back', 'header_lines', 'tallies'],
  ...['window_folds', 'window_panes', 'window_states', 'window_versions', 'window_emissions', 'window_results'],
];

/**
 * A store whose tables are in memory, and that stores answers without a file between: the same statements, for a tenth of
 * the cost. What a file of an answer or a part on disk could do wrong is not seen in it.
 */
export class LightStore {
  readonly #scratch: ScratchStore;
  readonly engine: Engine;

  private constructor(scratch: ScratchStore) {
    this.#scratch = scratch;
    this.engine = withoutFiles(scratch.store.engine);
  }

  static async open(): Promise<LightStore> {
    const scratch = await ScratchStore.open();
    const { engine } = scratch.store;
    for (const table of tables) {
      await engine.run({ sql: `CREATE TABLE ${table}_light AS ${table} ENGINE = Memory` });
      await engine.run({ sql: `DROP TABLE ${table} SYNC` });
      await engine.run({ sql: `RENAME TABLE ${table}_light TO ${table}` });
    }
    return new LightStore(scratch);
  }

  /** Forgets everything. */
  async clear(): Promise<void> {
    for (const table of tables) await this.#scratch.store.engine.run({ sql: `TRUNCATE TABLE ${table}` });
  }

  get spoolDirectory(): string {
    return this.#scratch.spoolDirectory;
  }

  close(): Promise<void> {
    return this.#scratch.close();
  }
}

/** The file of an answer has only the number of its question, which is asked within the INSERT. */
function withoutFiles(engine: Engine): Engine {
  const questions: Pick<Statement, 'sql' | 'params'>[] = [];
  const settings = { max_threads: 1 };
  const changed: Partial<Engine> = {
    run: (statement) => engine.run({ ...statement, settings }),
    rows: (statement) => engine.rows({ ...statement, settings }),
    async *ask(question, options) {
      if (options.format === 'Parquet') yield Buffer.from(String(questions.push(question) - 1));
      else yield* engine.ask(question, options);
    },
    async insertFrom({ files, columns = [] }: Input, statement) {
      const names = columns.map(([name, type]) => `CAST(${name}, '${type}') AS ${name}`).join(', ');
      // Each by itself, as a server does: questions have parameters of the same names.
      for (const [index, { path }] of files.entries()) {
        const question = questions[Number(await readFile(path, 'utf8'))];
        const { sql, params } = statement(
          `(SELECT ${names}, ${index + 1} AS object, rowNumberInAllBlocks() AS line_number FROM (${question?.sql}))`,
        );
        await engine.run({ sql, params: { ...question?.params, ...params }, settings });
      }
    },
  };
  return new Proxy(engine, {
    get(target, key) {
      const own = Reflect.get(key in changed ? changed : target, key) as unknown;
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
}
