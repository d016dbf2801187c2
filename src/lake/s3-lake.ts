import { randomUUID } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { S3ArchiveOptions } from '../destinations/archive/s3-place.ts';
import { S3Objects } from '../destinations/aws/s3-objects.ts';
import type { LakePlace } from './lake-place.ts';

/** A lake in S3. Drafts are files of the spool; an object appears whole, with one request. */
export class S3Lake implements LakePlace {
  readonly name: string;
  readonly #objects: S3Objects;
  readonly #spool: string;

  /** @param spoolDirectory of the lake alone */
  constructor({ storageClass, kmsKey, ...options }: S3ArchiveOptions, spoolDirectory: string) {
    this.#spool = join(spoolDirectory, 'drafts');
    this.#objects = new S3Objects(options, {
      ContentType: 'application/vnd.apache.parquet',
      ...(storageClass ? { StorageClass: storageClass } : {}),
      ...(kmsKey ? { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKey } : {}),
    });
    this.name = this.#objects.place;
  }

  check(signal: AbortSignal): Promise<readonly string[]> {
    return this.#objects.check('tailrace-check', { removes: true, lists: true, reads: true }, signal);
  }

  async open(): Promise<void> {
    await rm(this.#spool, { recursive: true, force: true });
    await mkdir(this.#spool, { recursive: true });
    await this.#objects.open();
  }

  draft(): string {
    return join(this.#spool, randomUUID());
  }

  async publish(draft: string, name: string, signal: AbortSignal): Promise<void> {
    const { size } = await stat(draft);
    await this.#objects.write(name, { path: draft, bytes: size }, signal);
    await rm(draft, { force: true });
  }

  names(folder: string, signal: AbortSignal): Promise<readonly string[]> {
    return this.#objects.names(`${folder}/`, signal);
  }

  remove(names: readonly string[], signal: AbortSignal): Promise<void> {
    return this.#objects.remove(names, signal);
  }

  async close(): Promise<void> {
    this.#objects.close();
    await rm(this.#spool, { recursive: true, force: true });
  }
}
