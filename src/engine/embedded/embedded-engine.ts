import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { CancelScopes } from '../cancel-scope.ts';
import { type CompactResult, decodeRows, rowsFormat, rowsSettings } from '../decode-rows.ts';
import type { AskOptions, Engine, Input, Limits, Statement } from '../engine.ts';
import { cancelled, EngineError } from '../engine-error.ts';
import { classifyQuestion } from '../question/classify-question.ts';
import { asEngineError, type ChdbSession } from './chdb-session.ts';
import { LinkedInput } from './linked-input.ts';
import type { QueryStopper } from './query-stopper.ts';
import type { SessionLane } from './session-lane.ts';
import { needsStaging, withStagedLines } from './staged-lines.ts';
import { isJoinable, joinChunks, sliceBuffer } from './stream-chunks.ts';

/** How much longer than its limit a question may take before the engine is told to stop, and before nobody waits. */
const stopAfterMs = 1000;
const abandonAfterMs = 5000;

export interface EmbeddedParts {
  readonly version: string;
  readonly writers: SessionLane;
  readonly readers: SessionLane;
  readonly askers: SessionLane;
  readonly stopper: QueryStopper;
  readonly limits: Limits;
  readonly tableFunctions: readonly string[];
  readonly scratch: string;
  /** Called once, after every session is closed. */
  readonly release: () => void;
}

/** ClickHouse inside this process; see {@link Engine}. */
export class EmbeddedEngine implements Engine {
  readonly kind = 'embedded';
  readonly version: string;
  readonly #parts: EmbeddedParts;
  readonly #scopes = new CancelScopes();
  #closing: Promise<void> | undefined;

  constructor(parts: EmbeddedParts) {
    this.#parts = parts;
    this.version = parts.version;
  }

  async run(statement: Statement): Promise<void> {
    await this.#parts.writers.use((session) => session.query(statement));
  }

  async rows<T>(statement: Statement): Promise<T[]> {
    const settings = { ...statement.settings, ...rowsSettings };
    const bytes = await this.#parts.readers.use((session) => session.query({ ...statement, settings }, rowsFormat));
    if (bytes.length === 0) return [];
    return decodeRows(JSON.parse(Buffer.from(bytes).toString()) as CompactResult) as T[];
  }

  async insertFrom(input: Input, statement: (source: string) => Statement): Promise<void> {
    await this.#parts.writers.use(async (session) => {
      const linked = await LinkedInput.open(join(this.#parts.scratch, randomUUID()), input);
      try {
        if (needsStaging(input))
          await withStagedLines(session, linked.source, (source) => session.query(statement(source)));
        else await session.query(statement(linked.source));
        await linked.checkUnchanged();
      } catch (error) {
        throw error instanceof EngineError ? linked.blame(error) : error;
      } finally {
        await linked.remove();
      }
    });
  }

  async *stream(statement: Statement, { format, signal }: AskOptions): AsyncGenerator<Uint8Array> {
    const { controller, end } = this.#scopes.begin(signal);
    try {
      const session = await this.#parts.readers.take(controller.signal);
      try {
        await session.bind(statement);
        if (isJoinable(format))
          yield* joinChunks(this.#chunks(session, statement.sql, format, controller.signal), format);
        else yield* sliceBuffer(await this.#whole(session, statement.sql, format, controller.signal));
      } finally {
        await session.restore(statement).finally(() => this.#parts.readers.giveBack(session));
      }
    } finally {
      end();
    }
  }

  /**
   * Answers are computed as a whole and then handed over: a native stream plans its query on the event loop, where
   * `SELECT (SELECT sleep(3))` would stop the whole process, and would keep its session as long as a slow reader reads.
   */
  async *ask({ sql, params = {} }: Pick<Statement, 'sql' | 'params'>, options: AskOptions): AsyncGenerator<Uint8Array> {
    const question = classifyQuestion(sql, this.#parts.tableFunctions);
    const { controller, end } = this.#scopes.begin(options.signal);
    try {
      yield* sliceBuffer(await this.#answer({ sql: question, params }, options.format, controller));
    } finally {
      end();
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { writers, readers, askers, stopper, release } = this.#parts;
    const ended = Promise.all([writers.close(), readers.close(), askers.close()]);
    this.#scopes.abortAll(new Error('the engine is closing'));
    await ended;
    await stopper.close();
    release();
  }

  async #answer(question: Statement, format: string, controller: AbortController): Promise<Uint8Array> {
    const { askers, stopper, limits } = this.#parts;
    const session = await askers.take(controller.signal);
    const overdue = new EngineError(
      'TAILRACE_QUERY_LIMIT',
      `cannot finish the query: it took longer than ${limits.maxSeconds} seconds; narrow it down`,
    );
    const stop = setTimeout(() => controller.abort(overdue), limits.maxSeconds * 1000 + stopAfterMs);
    const answer = stopper
      .guard(session, controller.signal, () => session.query(question, format))
      .catch((error) => {
        throw controller.signal.reason === overdue ? overdue : error;
      })
      .finally(() => {
        clearTimeout(stop);
        askers.giveBack(session);
      });
    return withDeadline(answer, limits.maxSeconds * 1000 + abandonAfterMs, overdue);
  }

  #whole(session: ChdbSession, sql: string, format: string, signal: AbortSignal): Promise<Uint8Array> {
    return this.#parts.stopper.guard(session, signal, () => session.execute(sql, format));
  }

  async *#chunks(session: ChdbSession, sql: string, format: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const chunks = this.#open(session, sql, format);
    try {
      for (;;) {
        const next = await this.#parts.stopper.guard(session, signal, async () => chunks.next());
        if (next.done) return;
        yield next.value.raw();
        if (signal.aborted) throw cancelled(signal.reason);
      }
    } catch (error) {
      throw asEngineError(error);
    } finally {
      await chunks.return?.();
    }
  }

  #open(session: ChdbSession, sql: string, format: string) {
    try {
      return session.stream(sql, format)[Symbol.asyncIterator]();
    } catch (error) {
      throw asEngineError(error);
    }
  }
}

/** A single function call cannot be stopped by the engine; its session stays taken, but nobody waits for it. */
async function withDeadline<T>(work: Promise<T>, timeoutMs: number, error: Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(error), timeoutMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
