import { Readable } from 'node:stream';
import { CancelScopes } from '../cancel-scope.ts';
import { type CompactResult, decodeRows, rowsFormat, rowsSettings } from '../decode-rows.ts';
import type { AskOptions, Engine, Input, Limits, Statement } from '../engine.ts';
import { closedEngine, EngineError } from '../engine-error.ts';
import { formatColumns } from '../input-columns.ts';
import { checkSameInput, identifyInput, unreadableBecause, unreadableInput } from '../input-file.ts';
import { JudgedQuestions } from '../question/judged-questions.ts';
import { questionSettings, settingsFor } from '../question/question-settings.ts';
import { framedFormat, framedStructure, frameLines, openInput } from './frame-lines.ts';
import type { ServerConnection } from './server-connection.ts';

export interface ServerParts {
  readonly version: string;
  readonly limits: Limits;
  readonly database: string;
  readonly writer: ServerConnection;
  readonly reader: ServerConnection;
  /** Connection of the user for questions; without one, the error that explains how to create it. */
  readonly asker: ServerConnection | EngineError;
}

/** A ClickHouse server or cluster over HTTP; see {@link Engine}. */
export class ServerEngine implements Engine {
  readonly kind = 'server';
  readonly missingWalls = [];
  readonly version: string;
  readonly #parts: ServerParts;
  readonly #scopes = new CancelScopes();
  readonly #questions: JudgedQuestions;
  readonly #running = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(parts: ServerParts) {
    this.#parts = parts;
    this.#questions = new JudgedQuestions({ database: parts.database, hasLake: false });
    this.version = parts.version;
  }

  async run(statement: Statement): Promise<void> {
    await this.#track(() => this.#parts.writer.collect(statement));
  }

  async rows<T>(statement: Statement): Promise<T[]> {
    const settings = { ...statement.settings, ...rowsSettings };
    const sql = withFormat(statement.sql, rowsFormat);
    const bytes = await this.#track(() => this.#parts.reader.collect({ ...statement, sql, settings }));
    return bytes.length === 0 ? [] : (decodeRows(JSON.parse(bytes.toString()) as CompactResult) as T[]);
  }

  async insertFrom(input: Input, statement: (source: string) => Statement): Promise<void> {
    await this.#track(() =>
      input.kind === 'lines' ? this.#insertLines(input, statement) : this.#insertParquet(input, statement),
    );
  }

  async endStatements(group: string): Promise<void> {
    await this.#track(() => this.#parts.reader.end(group));
  }

  async *stream(statement: Statement, { format, signal }: AskOptions): AsyncGenerator<Uint8Array> {
    yield* this.#streamed(this.#parts.reader, { ...statement, sql: withFormat(statement.sql, format) }, signal);
  }

  async *ask({ sql, params = {} }: Pick<Statement, 'sql' | 'params'>, options: AskOptions): AsyncGenerator<Uint8Array> {
    const { asker, limits } = this.#parts;
    if (asker instanceof EngineError) throw asker;
    const settings = { ...questionSettings(limits), readonly: 1 };
    const read = (statement: Statement, format: string) =>
      // No FORMAT in the text: it would be part of the statement that EXPLAIN AST shows.
      this.#track(() => asker.collect({ ...statement, settings: { ...settings, default_format: format } }));
    const question = await this.#questions.judge({ sql, params }, read);
    const statement = { sql: withFormat(question, options.format), params };
    yield* this.#streamed(
      asker,
      { ...statement, settings: { ...settings, ...settingsFor({ sql: question, params }, options.limit) } },
      options.signal,
    );
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#scopes.abortAll(new Error('the engine is closing'));
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
    const { writer, reader, asker } = this.#parts;
    await Promise.all([writer.close(), reader.close(), ...(asker instanceof EngineError ? [] : [asker.close()])]);
  }

  async #insertLines(input: Input, statement: (source: string) => Statement): Promise<void> {
    const source = `(SELECT object, line_number, line FROM input('${framedStructure}'))`;
    await this.#insert(
      withFormatOf(statement(source), framedFormat),
      Readable.from(frameLines(input.files), { objectMode: false }),
    );
  }

  /** Parquet files cannot be concatenated, so each has its own INSERT. */
  async #insertParquet(input: Input, statement: (source: string) => Statement): Promise<void> {
    const { names, structure } = formatColumns(input);
    for (const [index, file] of input.files.entries()) {
      const source = `(
        SELECT {tailrace_object:UInt32} AS object, rowNumberInAllBlocks() AS line_number, ${names}
        FROM input({tailrace_structure:String})
      )`;
      const { sql, params, settings = {} } = statement(source);
      const one: Statement = {
        sql,
        params: { ...params, tailrace_object: index + 1, tailrace_structure: structure },
        settings: { ...settings, ...orderedSettings },
      };
      const before = identifyInput(file, index);
      try {
        await this.#insert(withFormatOf(one, 'Parquet'), openInput(file));
      } catch (cause) {
        if (!isDamaged(cause)) throw unreadableInput(file, index, cause);
        throw unreadableBecause(file, index, 'it is not complete Parquet', 'replace it by a complete copy', cause);
      }
      checkSameInput(file, index, before);
    }
  }

  async #insert(statement: Statement, body: Readable): Promise<void> {
    let fault: unknown;
    body.once('error', (error) => {
      fault = error;
    });
    try {
      await this.#parts.writer.collect(statement, { body });
    } catch (error) {
      // The request failed because its body did; the cause is the file.
      throw fault ?? error;
    } finally {
      body.destroy();
    }
  }

  async *#streamed(
    connection: ServerConnection,
    statement: Statement,
    signal?: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    if (this.#closing !== undefined) throw closedEngine();
    const { controller, end } = this.#scopes.begin(signal);
    let ended = () => {};
    const running = new Promise<void>((resolve) => {
      ended = resolve;
    });
    void this.#watch(running);
    try {
      yield* await connection.send(statement, { signal: controller.signal });
    } finally {
      end();
      ended();
    }
  }

  #track<T>(work: () => Promise<T>): Promise<T> {
    return this.#closing === undefined ? this.#watch(work()) : Promise.reject(closedEngine());
  }

  #watch<T>(work: Promise<T>): Promise<T> {
    const settled = work
      .then(
        () => {},
        () => {},
      )
      .finally(() => this.#running.delete(settled));
    this.#running.add(settled);
    return work;
  }
}

/** Rows in file order, so that counting them gives their numbers. */
const orderedSettings = { max_threads: 1, max_insert_threads: 1, input_format_parquet_preserve_order: 1 };

/** On its own line, because the statement may end in a comment. */
function withFormat(sql: string, format: string): string {
  return `${sql}\nFORMAT ${format}`;
}

function withFormatOf(statement: Statement, format: string): Statement {
  return { ...statement, sql: withFormat(statement.sql, format) };
}

/** The server reports unreadable Parquet as incorrect data or as an error of its library. */
function isDamaged(error: unknown): boolean {
  return error instanceof EngineError && [32, 33, 36, 117, 636, 1001].includes(error.clickhouseCode ?? 0);
}
