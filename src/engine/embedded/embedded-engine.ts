import { randomUUID } from 'node:crypto';
import { collectParameters, formatParameter, quoteString } from '../bound-parameter.ts';
import { CancelScopes } from '../cancel-scope.ts';
import { tookLonger } from '../clickhouse-exception.ts';
import { type CompactResult, decodeRows, rowsFormat, rowsSettings } from '../decode-rows.ts';
import type { AskOptions, Engine, Input, Limits, Statement } from '../engine.ts';
import { EngineError } from '../engine-error.ts';
import type { ReadAnswer } from '../question/judge-question.ts';
import { JudgedQuestions } from '../question/judged-questions.ts';
import { settingsFor } from '../question/question-settings.ts';
import type { RemoteLake } from '../remote-lake.ts';
import { formatAssignments, type Settings } from '../statement-settings.ts';
import type { AnswerFiles } from './answer-file.ts';
import { lakeSettings, urgentSettings } from './engine-lanes.ts';
import type { Job, LaneName } from './engine-messages.ts';
import type { EngineProcess } from './engine-process.ts';
import { hideFolder } from './hide-folder.ts';
import type { JobSlots } from './job-slots.ts';
import { JoinedInput } from './joined-input.ts';
import { LakeQuestion, readsLake } from './lake-question.ts';
import { type InputFolders, LinkedInput } from './linked-input.ts';
import { needsStaging, stagedSource, stageLines } from './staged-lines.ts';
import type { UnstoppableQuestions } from './unstoppable-questions.ts';

/** Grace period after a question's time limit before it is stopped from here. */
const stopAfterMs = 1000;

interface Deadline {
  readonly error: EngineError;
  readonly afterMs: number;
  /** Called when the job has its slot. Whatever it throws refuses the job. */
  readonly onStart?: () => void;
  /** Called before the engine's process is killed because of it. */
  readonly onUnstoppable: (startedMs: number) => void;
}

/** Judging a question takes milliseconds, a second for the longest. */
const judgement: Omit<Deadline, 'onUnstoppable'> = {
  error: new EngineError(
    'TAILRACE_QUERY_LIMIT',
    'cannot run the query: its text takes longer than 10 seconds to understand; make it shorter',
  ),
  afterMs: 10_000,
};

/** What will run. */
interface Prepared extends Statement {
  /** Called when it has run, before its answer is read. Whatever it throws is thrown instead. */
  readonly confirm?: () => Promise<void> | undefined;
}

export interface EmbeddedParts {
  /** Path of the store's folder. */
  readonly store: string;
  /** Path of the lake's folder, if questions may read one. */
  readonly lakeFolder?: string;
  /** The lake, if questions may read one that the engine cannot reach. */
  readonly remoteLake?: RemoteLake;
  readonly process: EngineProcess;
  readonly slots: Readonly<Record<LaneName, JobSlots>>;
  /** Settings of each lane's sessions. */
  readonly settings: Readonly<Record<LaneName, Settings>>;
  readonly limits: Limits;
  readonly answers: AnswerFiles;
  readonly unstoppable: UnstoppableQuestions;
  readonly inputs: InputFolders;
  /** Called once, after the engine's process ended. */
  readonly release: () => void;
}

/** ClickHouse in a separate process, over a directory; see {@link Engine}. */
export class EmbeddedEngine implements Engine {
  readonly kind = 'embedded';
  readonly version: string;
  readonly #parts: EmbeddedParts;
  readonly #scopes = new CancelScopes();
  readonly #questions: JudgedQuestions;
  #closing: Promise<void> | undefined;

  private constructor(parts: EmbeddedParts, version: string) {
    this.#parts = parts;
    const { lakeFolder, remoteLake } = parts;
    const hasLake = lakeFolder !== undefined || remoteLake !== undefined;
    this.#questions = new JudgedQuestions({ database: 'tailrace', hasLake });
    this.version = version;
  }

  /** @throws EngineError when the engine cannot open its directory */
  static async open(parts: EmbeddedParts): Promise<EmbeddedEngine> {
    const version = await parts.process.run({ lane: 'read', sql: 'SELECT version()', format: 'TSVRaw' });
    return new EmbeddedEngine(parts, Buffer.from(version).toString().trim());
  }

  get missingWalls(): readonly string[] {
    return this.#parts.process.missingWalls;
  }

  async run(statement: Statement): Promise<void> {
    await this.#inSlot('write', this.#job('write', statement));
  }

  async rows<T>(statement: Statement): Promise<T[]> {
    const settings = { ...statement.settings, ...rowsSettings };
    const bytes = await this.#inSlot('read', this.#job('read', { ...statement, settings }, rowsFormat));
    if (bytes.length === 0) return [];
    return decodeRows(JSON.parse(Buffer.from(bytes).toString()) as CompactResult) as T[];
  }

  async insertFrom(input: Input, statement: (source: string) => Statement): Promise<void> {
    await this.#parts.slots.write.use(async () => {
      const joined = await JoinedInput.open(this.#parts.inputs, randomUUID(), input);
      if (joined) {
        const job = this.#job('write', statement(joined.source));
        await this.#parts.process.run(job).finally(() => joined.remove());
        return;
      }
      const linked = await LinkedInput.open(this.#parts.inputs, randomUUID(), input);
      try {
        const isStaged = needsStaging(input);
        const job = this.#job('write', statement(isStaged ? stagedSource : linked.source));
        await this.#parts.process.run(isStaged ? stageLines(job, linked.source) : job);
        await linked.checkUnchanged();
      } catch (error) {
        throw error instanceof EngineError ? linked.blame(error) : error;
      } finally {
        await linked.remove();
      }
    });
  }

  /** A failed statement has ended, at the latest with the engine's process. */
  async endStatements(): Promise<void> {}

  async *stream(statement: Statement, { format, signal }: AskOptions): AsyncGenerator<Uint8Array> {
    yield* this.#answer('read', async () => statement, format, signal);
  }

  async *ask(
    question: Pick<Statement, 'sql' | 'params'>,
    { format, limit, isUrgent, signal }: AskOptions,
  ): AsyncGenerator<Uint8Array> {
    const { limits, store, remoteLake, unstoppable } = this.#parts;
    const lakeFolder = this.#parts.lakeFolder ?? remoteLake?.folder;
    let judged: Statement = question;
    let lake: LakeQuestion | undefined;
    const prepare = async (controller: AbortController) => {
      unstoppable.checkHold();
      const read = this.#reader(controller);
      judged = { sql: await this.#questions.judge(question, read), params: question.params ?? {} };
      const settings = { ...settingsFor(judged, limit), ...(isUrgent ? urgentSettings : {}) };
      if (!remoteLake || !readsLake(judged.sql)) return { ...judged, settings };
      lake = await LakeQuestion.open(remoteLake, judged, read, controller.signal);
      return { ...judged, settings: { ...settings, ...lakeSettings(lake.id) }, confirm: () => lake?.confirm() };
    };
    try {
      yield* this.#answer('ask', prepare, format, signal, {
        error: new EngineError('TAILRACE_QUERY_LIMIT', tookLonger(limits.maxSeconds)),
        afterMs: limits.maxSeconds * 1000 + stopAfterMs,
        // Not before: the engine may be killed while the question waits for its slot.
        onStart: () => unstoppable.check(judged.sql),
        onUnstoppable: (startedMs) => unstoppable.killed(startedMs, judged.sql),
      });
    } catch (error) {
      throw hideFolder(lakeFolder === undefined ? error : hideFolder(error, lakeFolder), store);
    } finally {
      await lake?.close();
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { slots, process, remoteLake, release } = this.#parts;
    const ended = Promise.all(Object.values(slots).map((lane) => lane.close()));
    this.#scopes.abortAll(new Error('the engine is closing'));
    await ended;
    await process.close();
    await remoteLake?.close();
    release();
  }

  /** For statements about a question, which run before it and are short. */
  #reader(controller: AbortController): ReadAnswer {
    const { unstoppable } = this.#parts;
    const deadline = { ...judgement, onUnstoppable: (startedMs: number) => unstoppable.killed(startedMs) };
    return async (statement, format) =>
      Buffer.from(await this.#runUntil(this.#job('judge', statement, format), controller, deadline));
  }

  /** The engine writes the answer to a file, which is then streamed: it takes no memory, however slow the reader. */
  async *#answer(
    lane: LaneName,
    prepare: (controller: AbortController) => Promise<Prepared>,
    format: string,
    signal: AbortSignal | undefined,
    deadline?: Deadline,
  ): AsyncGenerator<Uint8Array> {
    const { controller, end } = this.#scopes.begin(signal);
    try {
      const { confirm, ...statement } = await prepare(controller);
      const job = this.#job(lane, statement, format);
      const run = async (toRun: Job) => {
        const answer = await this.#runUntil(toRun, controller, deadline);
        await confirm?.();
        return answer;
      };
      // The engine writes only answers of SELECT to files; those of SHOW and the like are small.
      if (!isSelect(statement.sql)) yield await run(job);
      else {
        const { format: _, ...written } = job;
        // APPEND writes to the existing file, TRUNCATE would replace it.
        const outfile = (path: string) => `${statement.sql}\nINTO OUTFILE ${quoteString(path)} APPEND FORMAT ${format}`;
        yield* this.#parts.answers.read(
          (path) => run({ ...written, sql: outfile(path) }),
          (error) => controller.abort(error),
        );
      }
    } finally {
      end();
    }
  }

  /**
   * Runs a job in a slot and stops it at its deadline, which counts from when it gets the slot.
   *
   * @throws EngineError the error with which the job was stopped
   */
  #runUntil(job: Job, controller: AbortController, deadline: Deadline | undefined): Promise<Uint8Array> {
    const { slots, process } = this.#parts;
    return slots[job.lane].use(async () => {
      deadline?.onStart?.();
      const startedMs = Date.now();
      const timer = deadline && setTimeout(() => controller.abort(deadline.error), deadline.afterMs);
      try {
        return await process.run(job, controller.signal, () => deadline?.onUnstoppable(startedMs));
      } catch (error) {
        const reason: unknown = controller.signal.reason;
        throw reason instanceof EngineError ? reason : error;
      } finally {
        clearTimeout(timer);
      }
    }, controller.signal);
  }

  #inSlot(lane: LaneName, job: Job): Promise<Uint8Array> {
    return this.#parts.slots[lane].use(() => this.#parts.process.run(job));
  }

  /**
   * Parameters are bound with `SET param_…`: the binding's own `queryBindAsync` runs one query per process at a
   * time.
   */
  #job(lane: LaneName, { sql, params, settings = {} }: Statement, format?: string): Job {
    const bound = collectParameters(sql, params).map(
      ([name, value]) => `param_${name} = ${quoteString(formatParameter(value))}`,
    );
    const set = [...formatAssignments(settings), ...bound];
    const restore = Object.keys(settings).map((name) => this.#assignmentOf(lane, name));
    return {
      lane,
      sql,
      ...(format === undefined ? {} : { format }),
      before: set.length > 0 ? [`SET ${set.join(', ')}`] : [],
      after: restore.length > 0 ? [`SET ${restore.join(', ')}`] : [],
    };
  }

  #assignmentOf(lane: LaneName, name: string): string {
    const value = this.#parts.settings[lane][name];
    return value === undefined ? `${name} = DEFAULT` : formatAssignments({ [name]: value }).join('');
  }
}

function isSelect(sql: string): boolean {
  return /^[\s(]*(?:SELECT|WITH)\b/i.test(sql);
}
