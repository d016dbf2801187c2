/**
 * The engine is ClickHouse: embedded (in its own process), or a server or cluster elsewhere. Code outside this folder
 * uses it through this interface and cannot tell which one it is, except through {@link Engine.kind}.
 */

import type { CountedLines } from '../framing/files/whole-content.ts';
import type { RemoteLake } from './remote-lake.ts';

/** A statement and the values of its `{name:Type}` placeholders. Values never become part of the text. */
export interface Statement {
  readonly sql: string;
  readonly params?: Readonly<Record<string, unknown>>;
  /** Engine settings of this statement alone, e.g. `{ max_insert_threads: 2 }`. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** Group for {@link Engine.endStatements}. */
  readonly group?: string;
}

/** Resource limits of a user's question. A question that exceeds one fails with `TAILRACE_QUERY_LIMIT`. */
export interface Limits {
  readonly maxSeconds: number;
  readonly maxMemoryBytes: number;
  readonly maxResultRows: number;
}

/** What a process that ends when it is done opens an engine for. */
export type EngineTask = 'question' | 'few lines' | 'many lines' | 'deletion';

/** How an engine is opened. */
export interface EngineOptions {
  /** Resource limits of a user's question. */
  readonly limits: Limits;
  /** Number of our own queries (reports, streams) that may run at once; default 3. */
  readonly readers?: number;
  /** Files and folders outside of the store that the embedded engine may also read: inputs, GeoIP files. */
  readonly readable?: readonly string[];
  /**
   * Absent: the process lives on. Otherwise the embedded engine leaves merges to longer processes until a
   * partition has some fifty parts, for its end is theirs too. For a question or few lines it compiles none of our own
   * expressions, and for few lines no lists of patterns either. Of a deletion, the threads
   * that rewrite parts keep their priority: nobody waits for anything else.
   */
  readonly task?: EngineTask;
  /** Folder of a lake, of which the embedded engine may read the tables, and questions may read them as `lake.requests` and `lake.logs`. */
  readonly lakeFolder?: string;
  /** The same for a lake that the embedded engine cannot reach. */
  readonly remoteLake?: RemoteLake;
  /** Fills an empty folder, which becomes the data directory of an embedded engine that has none yet. */
  readonly fillNew?: (folder: string) => void;
  /** Receives a sentence when the embedded engine's process ended and is restarted. */
  readonly onEngineEvent?: (text: string) => void;
}

export interface AskOptions {
  /** A ClickHouse output format name from {@link outputFormats}. */
  readonly format: string;
  /** Most rows of the answer; more are not worked out. */
  readonly limit?: number;
  /** The question is short, and something waits for it: it does not give way to inserts, as others do. */
  readonly isUrgent?: boolean;
  readonly signal?: AbortSignal;
}

/** One local file as it will be read. Its name may have any characters and suffix; `gzip` describes its bytes. */
export interface InputFile {
  readonly path: string;
  readonly gzip: boolean;
  /** Its size on disk; lets the engine choose how to read many small files. */
  readonly bytes?: number;
  /** Its lines, where they are known; lets the engine read many small files as one. */
  readonly lines?: CountedLines;
}

/**
 * The input of an INSERT. The engine turns it into a FROM clause with the columns
 * `object UInt32` (1-based index into `files`), `line_number UInt64` (0-based, as in the decompressed file) and, for
 * `lines`, `line String` (the bytes between two newlines, a carriage return kept), for `parquet` the named columns.
 */
export interface Input {
  readonly kind: 'lines' | 'parquet';
  readonly files: readonly InputFile[];
  /** For `parquet`: name and type of each column to read, e.g. `['cs_host', 'Nullable(String)']`. */
  readonly columns?: readonly (readonly [name: string, type: string])[];
}

export interface Engine {
  readonly kind: 'embedded' | 'server';
  /** The engine's version, e.g. `26.7.3.1`. */
  readonly version: string;
  /** Operating system walls around the embedded engine that could not be built, and why; see SECURITY.md. */
  readonly missingWalls: readonly string[];

  /** Runs an internal statement without a result (DDL, INSERT … SELECT, ALTER). Resolves when its effect is durable. */
  run(statement: Statement): Promise<void>;

  /** Runs an internal query and returns its rows, 64-bit integers as numbers if they are safe. Small results only. */
  rows<T>(statement: Statement): Promise<T[]>;

  /**
   * Runs one INSERT … SELECT over local files; `statement` receives the FROM clause. The bytes never pass through the
   * JavaScript heap as values: the embedded engine opens the files, a server is sent their bytes. Resolves when durable;
   * when it rejects, any part may have been stored, and the caller must remove it. The statement must use its source
   * once. A file that is missing, damaged, or changed meanwhile rejects with `TAILRACE_INPUT_UNREADABLE` and its number.
   * On a server each Parquet file is an INSERT of its own.
   */
  insertFrom(input: Input, statement: (source: string) => Statement): Promise<void>;

  /**
   * Ends statements of a group that may still run although their caller received a failure: a server continues a
   * statement whose connection was lost. Resolves when none of them runs any more.
   */
  endStatements(group: string): Promise<void>;

  /**
   * Runs an internal query and yields its result in the given format, chunk by chunk.
   * Must stop the query in the engine when the signal aborts or the consumer returns early.
   */
  stream(statement: Statement, options: AskOptions): AsyncIterable<Uint8Array>;

  /**
   * Runs a query that a user typed: judged first, then executed read-only, without access to files, the network
   * or settings, within {@link Limits}. Never waits behind inserts or dashboards. Same streaming rules as `stream`.
   */
  ask(statement: Pick<Statement, 'sql' | 'params'>, options: AskOptions): AsyncIterable<Uint8Array>;

  /**
   * Closes sessions and releases the data directory. Idempotent; waits for inserts and rows, stops user queries and
   * streams.
   */
  close(): Promise<void>;
}
