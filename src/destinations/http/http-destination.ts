import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ClosedBatch } from '../../ledger/shipments.ts';
import { backoffMs } from '../../waiting/backoff.ts';
import { type Asked, askReceiver } from '../../webhooks/ask-receiver.ts';
import { type Answer, credentialsOf, explainAnswer, judgeAnswer, retryAfterMs } from '../../webhooks/judge-answer.ts';
import { explainNetworkFault } from '../../webhooks/network-fault.ts';
import { signRequest } from '../../webhooks/sign-request.ts';
import type { Backup } from '../backup/backup.ts';
import { cutRows, halve, type RowPart } from '../cut-rows.ts';
import { type Delivered, type Destination, type Shipment, type ShippedTable, UnfitBatchError } from '../destination.ts';
import { keyOfRows } from '../rows-key.ts';

export interface HttpOptions {
  /** http or https, without user and password. */
  readonly url: string;
  readonly format: 'ndjson' | 'json';
  readonly compression: 'none' | 'gzip';
  /** Whose rows are sent. */
  readonly tables: readonly ShippedTable[];
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Key of the signatures; none when undefined. */
  readonly secret?: string | undefined;
  /** Limit for the body of a request before compression; a longer row is sent alone. */
  readonly maxBytes: number;
  /** For the whole of a request and its answer. */
  readonly timeoutMs: number;
  /** Where refused rows are kept; without it, a batch with one is not delivered. */
  readonly backup?: Backup;
}

/**
 * POSTs rows in requests of bounded size. A request has a key that depends on its rows alone: a receiver that ignores keys
 * that it knows has each row once, whatever is repeated.
 */
export function createHttpDestination(options: HttpOptions): Destination {
  return new HttpDestination(options);
}

/** Attempts with one request before the destination is considered away, and its whole batch is repeated. */
const mostAttempts = 3;
const pauses = { firstMs: 500, longestMs: 5_000 };
/** A receiver that wants a longer pause is considered away. */
const mostRetryAfterMs = 60_000;

/** One request of a batch. */
interface Parcel extends RowPart {
  readonly batch: ClosedBatch;
  readonly table: ShippedTable;
  /** `3`; its halves are `3.1` and `3.2`. */
  readonly number: string;
}

/** What became of the rows of a batch. */
interface RowCounts {
  rows: number;
  bytes: number;
  refused: number;
}

interface RefusedRequest {
  readonly id: string;
  readonly attempts: number;
  readonly status: number;
  readonly failure: Error;
}

const newline = 10;
const compress = promisify(gzip);

class HttpDestination implements Destination {
  readonly type = 'http';
  readonly #options: HttpOptions;
  readonly #origin: string;
  #tell: (text: string) => void = () => {};

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#origin = new URL(options.url).origin;
  }

  async check(signal: AbortSignal): Promise<readonly string[]> {
    try {
      const headers = this.#signed('check', Buffer.alloc(0), {});
      const answer = await this.#ask({ method: 'OPTIONS', headers }, signal);
      // Receivers need not know this method; but whoever is not let in will not be let in later.
      if (answer.status === 401) return [this.#refusal(answer).message];
      return (await this.#options.backup?.check(signal)) ?? [];
    } catch (cause) {
      return [(cause as Error).message];
    }
  }

  async open(signal: AbortSignal, tell: (text: string) => void): Promise<void> {
    await this.#options.backup?.open(signal);
    this.#tell = tell;
  }

  async ship({ batches, read }: Shipment, signal: AbortSignal): Promise<readonly (Delivered | UnfitBatchError)[]> {
    const outcomes: (Delivered | UnfitBatchError)[] = [];
    for (const batch of batches) outcomes.push(await this.#shipBatch(batch, read, signal));
    return outcomes;
  }

  async close(): Promise<void> {
    await this.#options.backup?.close();
  }

  async #shipBatch(batch: ClosedBatch, read: Shipment['read'], signal: AbortSignal): Promise<Delivered> {
    const { tables, maxBytes, format, backup } = this.#options;
    // Of a batch that could not be read to its end.
    await backup?.discard();
    // An array has a bracket more than lines have newlines.
    const mostBytes = format === 'json' ? maxBytes - 1 : maxBytes;
    const counts = { rows: 0, bytes: 0, refused: 0 };
    let promised = 0;
    for (const table of tables.filter((table) => batch[table] > 0)) {
      promised += batch[table];
      let number = 0;
      for await (const part of cutRows(read(batch, { table, isOrdered: true }), mostBytes)) {
        await this.#deliver({ ...part, batch, table, number: `${++number}` }, counts, signal);
      }
    }
    const [backupBytes = 0] = (await backup?.publish([batch], signal)) ?? [];
    return { ...counts, backupBytes, missing: promised - counts.rows - counts.refused };
  }

  async #deliver(parcel: Parcel, counts: RowCounts, signal: AbortSignal): Promise<void> {
    const { body, headers, id } = await this.#pack(parcel);
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#ask({ method: 'POST', headers: this.#signed(id, body, headers), body }, signal).catch(
        (cause: Error) => cause,
      );
      signal.throwIfAborted();
      const verdict = answer instanceof Error ? 'later' : judgeAnswer(answer);
      if (verdict === 'taken') {
        counts.rows += parcel.rows;
        counts.bytes += body.length;
        return;
      }
      if (verdict === 'too large' && parcel.rows > 1) return this.#deliverHalves(parcel, counts, signal);
      const failure = answer instanceof Error ? answer : this.#refusal(answer);
      if (!(answer instanceof Error) && (verdict === 'too large' || verdict === 'unfit')) {
        counts.refused += parcel.rows;
        return this.#keep(parcel, { id, attempts: attempt, status: answer.status, failure });
      }
      const waitMs = (answer instanceof Error ? undefined : retryAfterMs(answer)) ?? backoffMs(attempt, pauses);
      if (verdict === 'failed' || attempt === mostAttempts || waitMs > mostRetryAfterMs) throw failure;
      await pause(waitMs, undefined, { signal });
    }
  }

  async #deliverHalves(parcel: Parcel, counts: RowCounts, signal: AbortSignal): Promise<void> {
    for (const [index, half] of halve(parcel).entries())
      await this.#deliver({ ...parcel, ...half, number: `${parcel.number}.${index + 1}` }, counts, signal);
  }

  /** Keeps the rows of a request that is refused for good. @throws UnfitBatchError without a backup */
  async #keep({ batch, bytes, number }: Parcel, refusal: RefusedRequest): Promise<void> {
    const { backup } = this.#options;
    const { id, attempts, status, failure } = refusal;
    if (!backup) throw new UnfitBatchError(batch.batch, failure);
    const more = { dataId: id, subsequenceNumber: number };
    for (let start = 0; start < bytes.length; ) {
      const end = bytes.indexOf(newline, start);
      const rawData = bytes.subarray(start, end);
      await backup.keep(batch, { attempts, errorCode: String(status), errorMessage: failure.message, rawData, more });
      start = end + 1;
    }
    this.#tell(
      `cannot deliver some rows to "${this.#origin}": it answers ${status}; they are kept in "${backup.place}" with the reasons, see why the receiver does not take them`,
    );
  }

  async #pack({ bytes, rows, batch, table, number }: Parcel) {
    const { format, compression } = this.#options;
    const id = keyOfRows(batch.batch, table, bytes);
    const plain = format === 'json' ? arrayOf(bytes) : bytes;
    const body = compression === 'gzip' ? await compress(plain) : plain;
    const headers = {
      'content-type': format === 'json' ? 'application/json' : 'application/x-ndjson',
      ...(compression === 'gzip' ? { 'content-encoding': 'gzip' } : {}),
      'idempotency-key': id,
      'tailrace-batch': batch.batch,
      'tailrace-table': table,
      'tailrace-part': number,
      'tailrace-rows': String(rows),
    };
    return { id, body, headers };
  }

  #signed(id: string, body: Uint8Array, headers: Record<string, string>): Record<string, string> {
    const { secret, headers: configured } = this.#options;
    const signature = secret ? signRequest(secret, { id, seconds: Math.floor(Date.now() / 1000), body }) : {};
    return { 'user-agent': 'tailrace', ...headers, ...configured, ...signature };
  }

  /** @throws Error when no answer comes */
  async #ask(request: Asked, signal: AbortSignal): Promise<Answer> {
    const { url, timeoutMs } = this.#options;
    try {
      return await askReceiver(url, request, timeoutMs, signal);
    } catch (cause) {
      signal.throwIfAborted();
      throw this.#failure(explainNetworkFault(cause), cause);
    }
  }

  #refusal(answer: Answer): Error {
    return this.#failure(explainAnswer(answer, credentialsOf(this.#options)));
  }

  /** A path or a query may hold a credential: they are not shown. */
  #failure(why: string, cause?: unknown): Error {
    return new Error(`cannot deliver to "${this.#origin}": ${why}`, { cause });
  }
}

/** Lines of JSON → an array: what ends a line is nowhere else. */
function arrayOf(lines: Buffer): Buffer {
  const array = Buffer.concat([Buffer.from('['), lines]);
  for (let at = array.indexOf(10); at !== -1; at = array.indexOf(10, at + 1)) array[at] = 44;
  array[array.length - 1] = 93;
  return array;
}
