import { open } from 'node:fs/promises';
import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import { AccessProbe } from '../../sources/aws/access-probe.ts';
import { Activity } from '../../sources/aws/activity.ts';
import type { AwsAccess } from '../../sources/aws/client-options.ts';
import type { AwsCall } from '../../sources/aws/explain-failure.ts';
import { failureKind, isNamed } from '../../sources/aws/failure-kind.ts';
import { openS3 } from '../../sources/s3/open-clients.ts';
import { callToRead, originOf } from '../../sources/s3/s3-object.ts';
import { withOwnAbort } from '../../waiting/own-abort.ts';

export interface S3PlaceOptions extends AwsAccess {
  readonly type: 's3';
  readonly bucket: string;
  /** How keys begin. */
  readonly prefix?: string;
}

/** What S3 keeps of an object beside its bytes. */
export type ObjectProperties = Pick<
  PutObjectCommandInput,
  'ContentType' | 'StorageClass' | 'ServerSideEncryption' | 'SSEKMSKeyId'
>;

/** For one call; after that everything is delivered again, from the beginning. */
const attempts = 3;
/** For a large object on a slow line. */
const requestTimeoutMs = 600_000;
/** Of a request. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const mostKeys = 1000;
/** Base64 of sixteen zero bytes, the MD5 of nothing that is ever sent. */
const wrongMd5 = 'AAAAAAAAAAAAAAAAAAAAAA==';

/**
 * Objects below a prefix, by names. An object is written with one request: it appears whole or not at all, and nothing is left
 * of one that failed. Failures have a remedy.
 */
export class S3Objects {
  /** `s3://bucket/prefix` */
  readonly place: string;
  readonly #options: S3PlaceOptions;
  readonly #properties: ObjectProperties;
  readonly #activity = new Activity(attempts);
  #s3: S3Client | undefined;

  constructor(options: S3PlaceOptions, properties: ObjectProperties) {
    this.#options = options;
    this.#properties = properties;
    this.place = originOf({ bucket: options.bucket, key: options.prefix ?? '' });
  }

  /**
   * Probes whether an object could be written, and removed, listed and read if that will be needed. Leaves nothing behind.
   * @returns problems with remedies
   */
  async check(
    name: string,
    {
      removes,
      lists = false,
      reads = false,
    }: { readonly removes: boolean; readonly lists?: boolean; readonly reads?: boolean },
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } = await import(
      '@aws-sdk/client-s3'
    );
    const key = this.#keyOf(name);
    const object = { Bucket: this.#options.bucket, Key: key };
    const s3 = await openS3(this.#options);
    const probe = new AccessProbe(signal);
    const abort = { abortSignal: probe.signal };
    try {
      // It is refused once it is known to be permitted.
      const write = new PutObjectCommand({
        ...{ ...object, ...this.#properties, Body: 'tailrace check', ContentMD5: wrongMd5 },
      });
      const isDigest = (error: unknown) => isNamed(error, /^BadDigest$/);
      await probe.try(this.#callOn('write', 's3:PutObject', key), () => s3.send(write, abort), isDigest);
      if (removes) {
        const remove = new DeleteObjectCommand(object);
        await probe.try(this.#callOn('remove', 's3:DeleteObject', key), () => s3.send(remove, abort));
      }
      if (lists) {
        const list = new ListObjectsV2Command({ Bucket: object.Bucket, Prefix: key, MaxKeys: 1 });
        await probe.try(this.#listing(key), () => s3.send(list, abort));
      }
      if (reads) {
        // It is not there.
        const isMissing = (error: unknown) => failureKind(error) === 'missing';
        await probe.try(
          callToRead({ bucket: object.Bucket, key }),
          () => s3.send(new GetObjectCommand(object), abort),
          isMissing,
        );
      }
      return probe.problems;
    } finally {
      s3.destroy();
    }
  }

  async open(): Promise<void> {
    this.#s3 = await openS3(this.#options, { requestTimeoutMs });
  }

  close(): void {
    this.#s3?.destroy();
  }

  /** @param file what it holds, `bytes` long */
  async write(
    name: string,
    file: { readonly path: string; readonly bytes: number },
    signal: AbortSignal,
  ): Promise<void> {
    const { PutObjectCommand } = await import('@aws-sdk/client-s3');
    const key = this.#keyOf(name);
    const object = { Bucket: this.#options.bucket, Key: key, ...this.#properties, ContentLength: file.bytes };
    await this.#activity.call(this.#callOn('write', 's3:PutObject', key), signal, () =>
      withOwnAbort(signal, async (own) => {
        const Body = (await open(file.path)).createReadStream();
        // The client does not look at it, and may have ended before.
        Body.on('error', (cause) => own.abort(cause));
        try {
          await this.#open.send(new PutObjectCommand({ ...object, Body }), { abortSignal: own.signal });
        } catch (cause) {
          own.signal.throwIfAborted();
          throw cause;
        } finally {
          Body.destroy();
        }
      }),
    );
  }

  /** Whether they are there or not. */
  async remove(names: readonly string[], signal: AbortSignal): Promise<void> {
    const { DeleteObjectsCommand } = await import('@aws-sdk/client-s3');
    for (let at = 0; at < names.length; at += mostKeys) {
      const keys = names.slice(at, at + mostKeys).map((name) => this.#keyOf(name));
      const remove = new DeleteObjectsCommand({
        Bucket: this.#options.bucket,
        Delete: { Objects: keys.map((Key) => ({ Key })), Quiet: true },
      });
      await this.#activity.call(this.#callOn('remove', 's3:DeleteObject', keys[0] ?? ''), signal, async () => {
        const { Errors: [first] = [] } = await this.#open.send(remove, { abortSignal: signal });
        if (first) throw Object.assign(new Error(first.Message), { name: first.Code });
      });
    }
  }

  /** Names that begin like this: at most a thousand, which is enough for what one use writes below one start. */
  async names(start: string, signal: AbortSignal): Promise<readonly string[]> {
    const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
    const list = new ListObjectsV2Command({ Bucket: this.#options.bucket, Prefix: this.#keyOf(start) });
    return this.#activity.call(this.#listing(this.#keyOf(start)), signal, async () => {
      const { Contents = [] } = await this.#open.send(list, { abortSignal: signal });
      return Contents.map(({ Key = '' }) => Key.slice(this.#keyOf('').length));
    });
  }

  #listing(key: string): AwsCall {
    const { bucket } = this.#options;
    return { what: `list "${originOf({ bucket, key })}"`, action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}` };
  }

  #keyOf(name: string): string {
    return `${this.#options.prefix ?? ''}${name}`;
  }

  get #open(): S3Client {
    if (!this.#s3) throw new Error('BUG: the bucket is not open');
    return this.#s3;
  }

  #callOn(verb: string, action: string, key: string): AwsCall {
    const { bucket } = this.#options;
    const call = { what: `${verb} "${originOf({ bucket, key })}"`, action, resource: `arn:aws:s3:::${bucket}/*` };
    return this.#properties.SSEKMSKeyId ? { ...call, keyAction: 'kms:GenerateDataKey' } : call;
  }
}
