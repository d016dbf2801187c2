import { Session } from 'chdb';
import { collectParameters, formatParameter, quoteString } from '../bound-parameter.ts';
import { readClickhouseException } from '../clickhouse-exception.ts';
import type { Statement } from '../engine.ts';
import { EngineError } from '../engine-error.ts';
import { formatAssignments, type Settings } from '../statement-settings.ts';

/**
 * One native connection, which runs one statement at a time. Parameters are bound with `SET param_…`, which is kept
 * per session: the binding's own `queryBindAsync` runs one query of the whole process at a time, and its
 * `queryStreamBind` mixes up the values of queries that run side by side.
 */
export class ChdbSession {
  readonly tag: string;
  readonly #native: Session;
  readonly #base: Settings;

  private constructor(native: Session, tag: string, base: Settings) {
    this.#native = native;
    this.tag = tag;
    this.#base = base;
  }

  /**
   * @param tag names the session in `system.processes` (as `log_comment`), so that its statement can be stopped
   * @param base settings of every statement
   * @param last statements to run at the end, e.g. `SET ROLE`; nothing may be set after `readonly`
   */
  static async open(
    directory: string,
    tag: string,
    { base, last, connectionArgs }: { base: Settings; last: readonly string[]; connectionArgs: readonly string[] },
  ): Promise<ChdbSession> {
    const session = new ChdbSession(new Session(directory, { connectionArgs }), tag, base);
    await session.execute('CREATE DATABASE IF NOT EXISTS tailrace');
    await session.execute('USE tailrace');
    await session.execute(`SET ${formatAssignments({ ...base, log_comment: tag }).join(', ')}`);
    for (const sql of last) await session.execute(sql);
    return session;
  }

  /** Runs a statement with its parameters and settings, and returns the result's bytes. */
  async query(statement: Statement, format = 'Null'): Promise<Uint8Array> {
    await this.bind(statement);
    try {
      return await this.execute(statement.sql, format);
    } finally {
      await this.restore(statement);
    }
  }

  /** Sets a statement's parameters and settings; {@link restore} must follow, however the statement ends. */
  async bind({ sql, params, settings = {} }: Statement): Promise<void> {
    const bound = collectParameters(sql, params).map(
      ([name, value]) => `param_${name} = ${quoteString(formatParameter(value))}`,
    );
    const assignments = [...formatAssignments(settings), ...bound];
    if (assignments.length > 0) await this.execute(`SET ${assignments.join(', ')}`);
  }

  async restore({ settings = {} }: Statement): Promise<void> {
    const changed = Object.keys(settings);
    if (changed.length > 0) await this.execute(`SET ${changed.map((name) => this.#before(name)).join(', ')}`);
  }

  #before(name: string): string {
    const value = this.#base[name];
    return value === undefined ? `${name} = DEFAULT` : formatAssignments({ [name]: value }).join('');
  }

  async execute(sql: string, format = 'Null'): Promise<Uint8Array> {
    try {
      return (await this.#native.queryAsync(sql, { format })).bytes();
    } catch (cause) {
      throw asEngineError(cause);
    }
  }

  /** Starts a result that comes in chunks, each a complete document of the format. Planning blocks the event loop. */
  stream(sql: string, format: string) {
    return this.#native.queryStream(sql, { format });
  }

  close(): void {
    this.#native.close();
  }
}

/** The binding keeps the engine's text in `message` and, for streams, the number in it only. */
export function asEngineError(cause: unknown): EngineError {
  if (cause instanceof EngineError) return cause;
  return readClickhouseException(cause instanceof Error ? cause.message : String(cause), cause);
}
