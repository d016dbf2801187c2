import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { link, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { explainFolderFault } from '../destinations/folder-fault.ts';
import { sendPaced } from '../destinations/send-paced.ts';
import { tooMuchOfLake } from '../engine/embedded/lake-question.ts';
import type { RemoteHour, RemoteLake, RemoteTable } from '../engine/remote-lake.ts';
import { Activity } from '../sources/aws/activity.ts';
import { fetchObject } from '../sources/s3/fetch-object.ts';
import { listObjects } from '../sources/s3/list-objects.ts';
import { openS3 } from '../sources/s3/open-clients.ts';
import { callToRead, type S3Object } from '../sources/s3/s3-object.ts';
import { withOwnAbort } from '../waiting/own-abort.ts';
import type { LakeLocation } from './open-lake.ts';

/** A file of an hour. */
interface HourFile extends RemoteHour {
  /** Below the lake: `requests/dt=2026-11-27/hour=13/requests.parquet`. */
  readonly name: string;
  readonly object: S3Object;
  readonly bytes: number;
  /** In the folder of copies: another one when the object is written again. */
  readonly copy: string;
}

interface Listing {
  readonly atMs: number;
  readonly files: readonly HourFile[];
}

const attempts = 3;
const requestTimeoutMs = 600_000;
const requestsAtOnce = 4;
/** A listing is used again for so long: a thousand files cost one request. */
const listedForMs = 30_000;

/**
 * Copies of files of a lake in S3, for questions. Those that were asked for last stay, as many as fit, also when the program
 * ends. Each question has links to what it needs in a folder of its own, which keep the bytes of copies that are removed meanwhile.
 */
export class LakeCache implements RemoteLake {
  readonly folder: string;
  readonly #location: Extract<LakeLocation, { type: 's3' }>;
  readonly #copies: string;
  readonly #mostBytes: number;
  readonly #activity = new Activity(attempts);
  readonly #listings = new Map<RemoteTable, Listing>();
  #s3: Promise<S3Client> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /** Does no I/O. @param directory of the cache alone @param mostBytes of copies */
  constructor(location: Extract<LakeLocation, { type: 's3' }>, directory: string, mostBytes: number) {
    this.#location = location;
    this.folder = join(directory, 'questions');
    this.#copies = join(directory, 'copies');
    this.#mostBytes = mostBytes;
  }

  prepare(): void {
    rmSync(this.folder, { recursive: true, force: true });
    for (const folder of [this.folder, this.#copies]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  async hours(table: RemoteTable, signal: AbortSignal): Promise<readonly RemoteHour[]> {
    const known = this.#listings.get(table);
    const isFresh = known && Date.now() - known.atMs < listedForMs;
    const listing = isFresh ? known : { atMs: Date.now(), files: await this.#list(table, signal) };
    this.#listings.set(table, listing);
    const hours = new Map(listing.files.map(({ day, hour }) => [`${day} ${hour}`, { day, hour }]));
    return [...hours.values()];
  }

  async bring(id: string, hours: ReadonlyMap<RemoteTable, readonly RemoteHour[]>, signal: AbortSignal): Promise<void> {
    const files = [...hours].flatMap(([table, wanted]) => {
      const names = new Set(wanted.map(({ day, hour }) => `${day} ${hour}`));
      const all = this.#listings.get(table)?.files ?? [];
      return all.filter(({ day, hour }) => names.has(`${day} ${hour}`));
    });
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    if (bytes > this.#mostBytes) throw tooMuchOfLake(bytes, this.#mostBytes);
    // One after the other, so that together they take no more than they may.
    const turn = this.#turn.then(() => this.#fill(id, files, signal));
    this.#turn = turn.catch(() => {});
    await turn;
  }

  release(id: string): Promise<void> {
    return rm(join(this.folder, id), { recursive: true, force: true });
  }

  async close(): Promise<void> {
    (await this.#s3)?.destroy();
  }

  async #list(table: RemoteTable, signal: AbortSignal): Promise<HourFile[]> {
    const { bucket, prefix = '' } = this.#location;
    const s3 = await this.#open();
    const files: HourFile[] = [];
    const options = { s3, bucket, prefix: `${prefix}${table}/`, activity: this.#activity };
    for await (const page of listObjects(options, signal))
      for (const object of page) {
        const name = object.key.slice(prefix.length);
        const [, day, hour] = /^\w+\/dt=(\d{4}-\d\d-\d\d)\/hour=(\d\d)\/[^/]+\.parquet$/.exec(name) ?? [];
        if (day === undefined) continue;
        const { etag = '', bytes = 0 } = object;
        const copy = createHash('sha256').update(`${bucket}\n${object.key}\n${etag}\n${bytes}`).digest('hex');
        files.push({ name, object, bytes, day, hour: Number(hour), copy });
      }
    return files;
  }

  async #fill(id: string, files: readonly HourFile[], signal: AbortSignal): Promise<void> {
    try {
      await this.#makeRoom(files);
      await withOwnAbort(signal, (own) =>
        sendPaced(files, { limit: requestsAtOnce }, own, async (file) => {
          const path = join(this.folder, id, file.name);
          await mkdir(dirname(path), { recursive: true });
          const copy = join(this.#copies, file.copy);
          if (!(await exists(copy))) await this.#fetch(file, copy, own.signal);
          const now = new Date();
          await utimes(copy, now, now);
          await link(copy, path);
        }),
      );
    } catch (cause) {
      throw explainFolderFault(this.#copies, cause);
    }
  }

  async #fetch({ object }: HourFile, copy: string, signal: AbortSignal): Promise<void> {
    const s3 = await this.#open();
    const draft = join(this.folder, randomUUID());
    try {
      await this.#activity.call(callToRead(object), signal, () => fetchObject(s3, object, draft, signal));
      await rename(draft, copy);
    } catch (cause) {
      // It may have been replaced or removed since it was listed.
      this.#listings.clear();
      throw cause;
    } finally {
      await rm(draft, { force: true });
    }
  }

  /** Removes the copies that were not used for the longest time, until all of these fit too. */
  async #makeRoom(files: readonly HourFile[]): Promise<void> {
    const wanted = new Map(files.map((file) => [file.copy, file.bytes]));
    const copies: { path: string; bytes: number; usedMs: number }[] = [];
    for (const name of await readdir(this.#copies)) {
      const path = join(this.#copies, name);
      const { size, mtimeMs } = await stat(path);
      if (!wanted.has(name)) copies.push({ path, bytes: size, usedMs: mtimeMs });
    }
    copies.sort((one, other) => one.usedMs - other.usedMs);
    let bytes = [...wanted.values(), ...copies.map((copy) => copy.bytes)].reduce((sum, size) => sum + size, 0);
    for (const copy of copies) {
      if (bytes <= this.#mostBytes) return;
      await rm(copy.path, { force: true });
      bytes -= copy.bytes;
    }
  }

  #open(): Promise<S3Client> {
    this.#s3 ??= openS3(this.#location, { requestTimeoutMs });
    return this.#s3;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
