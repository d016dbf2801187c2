import { randomUUID } from 'node:crypto';
import type { Statement } from '../engine.ts';
import { EngineError } from '../engine-error.ts';
import { findLakeReads, type LakeRead } from '../question/lake-reads.ts';
import { refusal } from '../question/refusal.ts';
import type { RemoteHour, RemoteLake, RemoteTable } from '../remote-lake.ts';

/** Runs a statement with the rights of a question. */
type Read = (statement: Statement, format: string) => Promise<Buffer>;

/** Hours of which a question may need rows. */
type Needs = ReadonlyMap<RemoteTable, readonly RemoteHour[]>;

/** A question that reads a remote lake: its files are there from {@link open} to {@link close}. */
export class LakeQuestion {
  /** Under which it finds its files. */
  readonly id = randomUUID();
  readonly #lake: RemoteLake;
  readonly #question: Statement;
  readonly #read: Read;
  readonly #hours = new Map<RemoteTable, readonly RemoteHour[]>();
  readonly #brought = new Map<RemoteTable, ReadonlySet<string>>();

  private constructor(lake: RemoteLake, question: Statement, read: Read) {
    this.#lake = lake;
    this.#question = question;
    this.#read = read;
  }

  /**
   * @param question as it will run
   * @throws EngineError when the files cannot be brought, or are more than a question may have
   */
  static async open(lake: RemoteLake, question: Statement, read: Read, signal: AbortSignal): Promise<LakeQuestion> {
    const opened = new LakeQuestion(lake, question, read);
    try {
      for (const table of tablesIn(question.sql)) opened.#hours.set(table, await lake.hours(table, signal));
      const needs = await opened.#needs();
      await lake.bring(opened.id, needs, signal);
      for (const [table, hours] of needs) opened.#brought.set(table, new Set(hours.map(nameOf)));
      return opened;
    } catch (cause) {
      await opened.close();
      throw signal.aborted || cause instanceof EngineError ? cause : failure(cause as Error);
    }
  }

  /**
   * To be called when it has run: what it needs may depend on the time.
   * @throws EngineError, retryable, when it may have needed other hours than were there
   */
  async confirm(): Promise<void> {
    for (const [table, hours] of await this.#needs())
      if (hours.some((hour) => !this.#brought.get(table)?.has(nameOf(hour))))
        throw new EngineError(
          'TAILRACE_QUERY_FAILED',
          'cannot run the query: the hours of the lake that it is about have changed while it ran; ask again',
          { retryable: true },
        );
  }

  close(): Promise<void> {
    return this.#lake.release(this.id);
  }

  async #needs(): Promise<Needs> {
    const needs = new Map<RemoteTable, readonly RemoteHour[]>();
    const reads = await this.#reads();
    for (const [table, all] of this.#hours) {
      const own = reads.filter((read) => read.table === table);
      const names = new Set<string>();
      for (const { conditions } of own) for (const name of await this.#choose(all, conditions)) names.add(name);
      needs.set(
        table,
        all.filter((hour) => names.has(nameOf(hour))),
      );
    }
    return needs;
  }

  async #reads(): Promise<readonly LakeRead[]> {
    const { sql } = this.#question;
    // Of EXPLAIN, DESCRIBE and the like.
    if (!/^[\s(]*(?:SELECT|WITH)\b/i.test(sql)) return [];
    try {
      const tree = await this.#read(
        { ...this.#question, sql: `EXPLAIN QUERY TREE dump_tree = 0, dump_ast = 1 ${sql}` },
        'TSVRaw',
      );
      return findLakeReads(tree.toString());
    } catch (cause) {
      // It was computed while the text was analysed, and has left no trace.
      if (!(cause instanceof EngineError) || cause.clickhouseCode !== noFiles) throw cause;
      return tablesIn(sql).map((table) => ({ table, conditions: [] }));
    }
  }

  async #choose(hours: readonly RemoteHour[], conditions: readonly string[]): Promise<readonly string[]> {
    if (conditions.length === 0 || hours.length === 0) return hours.map(nameOf);
    const where = conditions.map((condition) => `(${condition})`).join(' AND ');
    const answer = await this.#read(
      {
        sql: `
          SELECT concat(toString(dt), ' ', toString(hour))
          FROM (
            SELECT
              toDate(splitByChar(' ', name)[1]) AS dt, toUInt8(splitByChar(' ', name)[2]) AS hour,
              toDateTime64(dt, 3, 'UTC') + toIntervalHour(hour) AS lower, lower + toIntervalMillisecond(3599999) AS upper
            FROM (SELECT arrayJoin({tailrace_hours:Array(String)}) AS name)
          )
          WHERE ${where}`,
        params: { ...this.#question.params, tailrace_hours: hours.map(nameOf) },
      },
      'TSVRaw',
    );
    return answer.toString().split('\n').filter(Boolean);
  }
}

/** CANNOT_PARSE_UUID: how the tables refuse a statement that has no files; see `folderOfQuestion`. */
const noFiles = 376;

/** Tables of a lake that a question in its normal form may read. */
function tablesIn(sql: string): RemoteTable[] {
  const named = [...sql.matchAll(/\blake`?\s*\.\s*`?(requests|logs)\b/g)].map(([, table]) => table);
  return (['requests', 'logs'] as const).filter((table) => named.includes(table));
}

export function readsLake(sql: string): boolean {
  return tablesIn(sql).length > 0;
}

function nameOf({ day, hour }: RemoteHour): string {
  return `${day} ${hour}`;
}

function failure(cause: Error): EngineError {
  return new EngineError('TAILRACE_QUERY_FAILED', `cannot run the query: ${cause.message}`, { cause, retryable: true });
}

/** For a question that needs more of a lake than fits. */
export function tooMuchOfLake(bytes: number, mostBytes: number): EngineError {
  const size = (count: number) => `${(count / 1e9).toFixed(1)} GB`;
  return refusal(
    `it reads ${size(bytes)} of the lake, and at most ${size(mostBytes)} of it fit on the disk (lake.cacheSize)`,
    'add conditions on dt, hour or time, joined by AND, to the SELECT that reads the lake',
  );
}
