import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { Allowance } from '../aws/allowance.ts';
import { explain } from '../aws/explain-failure.ts';
import { failureKind } from '../aws/failure-kind.ts';
import type { Receipt, Sink } from '../source.ts';
import { fetchObject } from './fetch-object.ts';
import { whyIgnored } from './ignored-keys.ts';
import type { S3Activity } from './s3-activity.ts';
import { callToRead, filenameOf, originOf, type S3Object } from './s3-object.ts';

/** Outcome of an object: the sink's result, or why there was nothing to store. */
export type Outcome =
  | { readonly kind: 'taken'; readonly receipt: Receipt }
  | { readonly kind: 'gone' }
  | { readonly kind: 'ignored'; readonly reason: string };

export interface IntakeOptions {
  readonly s3: S3Client;
  readonly sink: Sink;
  readonly activity: S3Activity;
  /** An existing folder for downloads that are not stored yet. */
  readonly folder: string;
  /** Concurrent downloads. */
  readonly concurrency: number;
}

/** Limit of bytes in the folder, unless one object alone is larger. */
const maxSpooledBytes = 2 ** 30;
/** Assumed size where neither a notification nor a listing states it. */
const presumedBytes = 2 ** 20;

/** Stores objects: downloads each to a file, hands the file over, removes it. */
export class ObjectIntake {
  readonly #options: IntakeOptions;
  readonly #downloads: Allowance;
  readonly #spool = new Allowance(maxSpooledBytes);
  readonly #readBuckets = new Set<string>();
  readonly #underWay = new Map<string, { readonly object: S3Object; readonly outcome: Promise<Outcome> }>();

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#downloads = new Allowance(options.concurrency);
  }

  /**
   * Resolves when the object is durable or there is nothing to store. An object in flight is not downloaded twice, and
   * two versions of a key are stored one after the other.
   * @throws the signal's reason; UnmendableError when nothing of the bucket may be read; Error for a problem of
   * this object
   */
  async take(object: S3Object, signal: AbortSignal): Promise<Outcome> {
    const reason = whyIgnored(object);
    if (reason !== undefined) {
      this.#options.activity.counts.ignored++;
      return { kind: 'ignored', reason };
    }
    const origin = originOf(object);
    for (let other = this.#underWay.get(origin); other; other = this.#underWay.get(origin)) {
      if (isSame(other.object, object)) return other.outcome;
      await other.outcome.catch(() => {});
    }
    const outcome = this.#bring(object, origin, signal).finally(() => this.#underWay.delete(origin));
    this.#underWay.set(origin, { object, outcome });
    return outcome;
  }

  async #bring(object: S3Object, origin: string, signal: AbortSignal): Promise<Outcome> {
    const { activity, folder, sink } = this.#options;
    const path = join(folder, randomUUID());
    const bytes = object.bytes ?? presumedBytes;
    await this.#spool.take(bytes, signal);
    try {
      const fetched = await this.#download(object, path, signal);
      if (!fetched) return { kind: 'gone' };
      const { version, modifiedMs } = fetched;
      const delivery = {
        origin,
        version,
        content: { kind: 'file', path },
        context: {
          filename: filenameOf(object.key),
          ...(modifiedMs === undefined ? {} : { arrivedAtMs: modifiedMs }),
        },
      } as const;
      const [receipt] = await sink.store([delivery], { signal });
      if (!receipt) throw new Error('BUG: the sink gave no receipt');
      activity.counts[receipt.known ? 'known' : 'stored']++;
      return { kind: 'taken', receipt };
    } finally {
      await rm(path, { force: true });
      this.#spool.give(bytes);
    }
  }

  async #download(object: S3Object, path: string, signal: AbortSignal) {
    const { activity, s3 } = this.#options;
    const { what } = callToRead(object);
    await this.#downloads.take(1, signal);
    try {
      const fetched = await activity.repeat(what, signal, () => fetchObject(s3, object, path, signal));
      this.#readBuckets.add(object.bucket);
      return fetched;
    } catch (error) {
      if (signal.aborted) throw error;
      if (failureKind(error) !== 'missing') throw this.#refuse(error, object);
      activity.counts.gone++;
      return undefined;
    } finally {
      this.#downloads.give(1);
    }
  }

  /** Where other objects of the bucket may be read, the problem is this object's own. */
  #refuse(error: unknown, object: S3Object): Error {
    const unmendable = explain(error, callToRead(object));
    const isOwnTrouble = failureKind(error) !== 'forbidden' || this.#readBuckets.has(object.bucket);
    return isOwnTrouble ? new Error(unmendable.message) : unmendable;
  }
}

/** Whether both are certainly the same bytes. */
function isSame(one: S3Object, other: S3Object): boolean {
  return one.etag !== undefined && one.etag === other.etag && one.versionId === other.versionId;
}
