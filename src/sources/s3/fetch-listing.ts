import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AwsAccess } from '../aws/client-options.ts';
import { fetchObject } from './fetch-object.ts';
import { whyIgnored } from './ignored-keys.ts';
import { listObjects } from './list-objects.ts';
import { openS3 } from './open-clients.ts';
import { S3Activity } from './s3-activity.ts';
import { callToRead, filenameOf, originOf } from './s3-object.ts';
import { makeSpoolFolder } from './spool-folder.ts';

export interface FetchListingOptions extends AwsAccess {
  readonly bucket: string;
  readonly prefix: string;
  /** Directory for one object at a time. */
  readonly spoolDirectory: string;
}

/** The objects below a prefix as files, one after the other; a file is removed when the next one is asked for. @throws UnmendableError */
export async function* fetchListing(
  options: FetchListingOptions,
  signal: AbortSignal,
): AsyncGenerator<{ readonly path: string; readonly name: string }> {
  const activity = new S3Activity();
  const s3 = await openS3(options);
  const folder = await makeSpoolFolder(options.spoolDirectory);
  try {
    for await (const page of listObjects({ ...options, s3, activity }, signal)) {
      for (const object of page.filter((object) => whyIgnored(object) === undefined)) {
        // A folder of its own: any name of an object is then a name of a file.
        const own = join(folder, 'object');
        await mkdir(own);
        const path = join(own, filenameOf(object.key));
        await activity.call(callToRead(object), signal, () => fetchObject(s3, object, path, signal));
        yield { path, name: originOf(object) };
        await rm(own, { recursive: true });
      }
    }
  } finally {
    s3.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}
