import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withOwnAbort } from '../../waiting/own-abort.ts';
import { S3Objects, type S3PlaceOptions } from '../aws/s3-objects.ts';
import { explainFolderFault } from '../folder-fault.ts';
import { sendPaced } from '../send-paced.ts';
import type { ArchivePlace, WrittenObject } from './archive-place.ts';
import type { WrittenFormat } from './object-format.ts';
import type { storageClasses } from './storage-classes.ts';
import { writeObject } from './write-object.ts';

export interface S3ArchiveOptions extends S3PlaceOptions {
  readonly storageClass?: (typeof storageClasses)[number];
  /** ARN or id of a key of KMS; without one the bucket's own encryption applies. */
  readonly kmsKey?: string;
}

const requestsAtOnce = 4;

/** Objects are in files of the spool until all of a batch are complete. */
export class S3Place implements ArchivePlace {
  readonly #objects: S3Objects;
  readonly #format: WrittenFormat;
  readonly #spool: string;
  /** Files by the names of their objects. */
  readonly #added = new Map<string, { readonly path: string; readonly bytes: number }>();

  /** @param spoolDirectory of the destination alone */
  constructor({ storageClass, kmsKey, ...options }: S3ArchiveOptions, format: WrittenFormat, spoolDirectory: string) {
    this.#format = format;
    this.#spool = join(spoolDirectory, 'objects');
    this.#objects = new S3Objects(options, {
      ContentType: format.contentType,
      ...(storageClass ? { StorageClass: storageClass } : {}),
      ...(kmsKey ? { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKey } : {}),
    });
  }

  check(start: string, signal: AbortSignal): Promise<readonly string[]> {
    return this.#objects.check(`${start}tailrace-check`, { removes: false }, signal);
  }

  async open(): Promise<void> {
    await rm(this.#spool, { recursive: true, force: true });
    await mkdir(this.#spool, { recursive: true });
    await this.#objects.open();
  }

  async add(name: string, pieces: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<WrittenObject> {
    const path = join(this.#spool, randomUUID());
    const written = await writeObject(path, pieces, this.#format, signal).catch((cause) => {
      throw explainFolderFault(this.#spool, cause);
    });
    this.#added.set(name, { path, bytes: written.bytes });
    return written;
  }

  async publish(signal: AbortSignal): Promise<void> {
    await withOwnAbort(signal, (own) =>
      sendPaced(this.#added, { limit: requestsAtOnce }, own, ([name, file]) =>
        this.#objects.write(name, file, own.signal),
      ),
    );
    await this.discard();
  }

  async discard(): Promise<void> {
    for (const { path } of this.#added.values()) await rm(path, { force: true });
    this.#added.clear();
  }

  async close(): Promise<void> {
    this.#objects.close();
    await rm(this.#spool, { recursive: true, force: true });
  }
}
