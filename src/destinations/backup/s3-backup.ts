import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import type { ClosedBatch } from '../../ledger/shipments.ts';
import { AccessProbe } from '../../sources/aws/access-probe.ts';
import { Activity } from '../../sources/aws/activity.ts';
import type { AwsAccess } from '../../sources/aws/client-options.ts';
import type { AwsCall } from '../../sources/aws/explain-failure.ts';
import { isNamed } from '../../sources/aws/failure-kind.ts';
import { openS3 } from '../../sources/s3/open-clients.ts';
import { originOf } from '../../sources/s3/s3-object.ts';
import type { Backup, BackupOwner, RefusedRecord } from './backup.ts';
import { keptLine, keptName } from './kept-record.ts';
import { RecordFiles } from './record-files.ts';

export interface S3BackupOptions extends AwsAccess {
  readonly type: 's3';
  readonly bucket: string;
  /** How keys begin. */
  readonly prefix?: string;
}

/** For one call; after that everything is delivered again, from the beginning. */
const attempts = 3;
/** For a large object on a slow line. */
const requestTimeoutMs = 600_000;
/** Of a request. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const mostKeys = 1000;
/** Batches whose objects are remembered one by one. */
const mostRemembered = 10_000;
/** By which the clock of the store may be behind ours. */
const clockMarginMs = 60_000;
/** Base64 of sixteen zero bytes, the MD5 of nothing that is ever sent. */
const wrongMd5 = 'AAAAAAAAAAAAAAAAAAAAAA==';

/** An object for each batch, written with one request. Until then its records are in a file of the spool. */
export class S3Backup implements Backup {
  readonly place: string;
  readonly #options: S3BackupOptions;
  readonly #owner: BackupOwner;
  readonly #files: RecordFiles;
  readonly #activity = new Activity(attempts);
  #s3: S3Client | undefined;
  /** Batches closed before that may have an object of an earlier process. */
  #openedAtMs = 0;
  /** Batches that have one of this process. */
  readonly #uploaded = new Set<string>();

  /** @param spoolDirectory of the destination alone */
  constructor(options: S3BackupOptions, owner: BackupOwner, spoolDirectory: string) {
    this.#options = options;
    this.#owner = owner;
    this.#files = new RecordFiles(join(spoolDirectory, 'refused'));
    this.place = originOf({ bucket: options.bucket, key: options.prefix ?? '' });
  }

  async check(signal: AbortSignal): Promise<readonly string[]> {
    const { DeleteObjectCommand, PutObjectCommand } = await import('@aws-sdk/client-s3');
    const key = this.#keyOf(`${this.#owner.failure}/tailrace-check`);
    const object = { Bucket: this.#options.bucket, Key: key };
    const s3 = await openS3(this.#options);
    const probe = new AccessProbe(signal);
    const abort = { abortSignal: probe.signal };
    try {
      // It is refused once it is known to be permitted.
      const write = new PutObjectCommand({ ...object, Body: 'tailrace check', ContentMD5: wrongMd5 });
      const isDigest = (error: unknown) => isNamed(error, /^BadDigest$/);
      await probe.try(this.#callOn('write', 's3:PutObject', key), () => s3.send(write, abort), isDigest);
      const remove = new DeleteObjectCommand(object);
      await probe.try(this.#callOn('remove', 's3:DeleteObject', key), () => s3.send(remove, abort));
      return probe.problems;
    } finally {
      s3.destroy();
    }
  }

  async open(): Promise<void> {
    await this.#files.open();
    this.#s3 = await openS3(this.#options, { requestTimeoutMs });
    this.#openedAtMs = Date.now();
  }

  keep(batch: ClosedBatch, record: RefusedRecord): Promise<void> {
    return this.#files.append(batch.batch, keptLine(this.#owner, batch, record));
  }

  async publish(batches: readonly ClosedBatch[], signal: AbortSignal): Promise<readonly number[]> {
    const kept: number[] = [];
    const stale: string[] = [];
    for (const batch of batches) {
      const key = this.#keyOf(keptName(this.#owner, batch));
      const bytes = await this.#upload(batch, key, signal);
      kept.push(bytes);
      // A request for each batch would mostly remove nothing.
      if (bytes === 0 && this.#mayBeThere(batch)) stale.push(key);
    }
    for (let at = 0; at < stale.length; at += mostKeys) await this.#remove(stale.slice(at, at + mostKeys), signal);
    return kept;
  }

  discard(): Promise<void> {
    return this.#files.discard();
  }

  async close(): Promise<void> {
    await this.discard();
    this.#s3?.destroy();
  }

  /** @returns bytes of the object; 0 when the batch has no records */
  async #upload({ batch }: ClosedBatch, key: string, signal: AbortSignal): Promise<number> {
    const file = await this.#files.finish(batch);
    if (!file) return 0;
    const { PutObjectCommand } = await import('@aws-sdk/client-s3');
    const object = { Bucket: this.#options.bucket, Key: key, ContentType: 'application/x-ndjson' };
    // An attempt may succeed although its answer is lost.
    this.#remember(batch);
    await this.#activity.call(this.#callOn('write', 's3:PutObject', key), signal, () => {
      const Body = createReadStream(file.path);
      return this.#open.send(new PutObjectCommand({ ...object, Body, ContentLength: file.bytes }), {
        abortSignal: signal,
      });
    });
    await this.#files.forget(batch);
    return file.bytes;
  }

  #mayBeThere({ batch, closedAtMs }: ClosedBatch): boolean {
    return closedAtMs < this.#openedAtMs + clockMarginMs || this.#uploaded.has(batch);
  }

  #remember(batch: string): void {
    if (this.#uploaded.size >= mostRemembered) {
      this.#uploaded.clear();
      this.#openedAtMs = Date.now();
    }
    this.#uploaded.add(batch);
  }

  async #remove(keys: readonly string[], signal: AbortSignal): Promise<void> {
    const { DeleteObjectsCommand } = await import('@aws-sdk/client-s3');
    const remove = new DeleteObjectsCommand({
      Bucket: this.#options.bucket,
      Delete: { Objects: keys.map((Key) => ({ Key })), Quiet: true },
    });
    await this.#activity.call(this.#callOn('remove', 's3:DeleteObject', keys[0] ?? ''), signal, async () => {
      const { Errors: [first] = [] } = await this.#open.send(remove, { abortSignal: signal });
      if (first) throw Object.assign(new Error(first.Message), { name: first.Code });
    });
  }

  #keyOf(name: string): string {
    return `${this.#options.prefix ?? ''}${name}`;
  }

  get #open(): S3Client {
    if (!this.#s3) throw new Error('BUG: the backup is not open');
    return this.#s3;
  }

  #callOn(verb: string, action: string, key: string): AwsCall {
    const { bucket } = this.#options;
    return { what: `${verb} "${originOf({ bucket, key })}"`, action, resource: `arn:aws:s3:::${bucket}/*` };
  }
}
