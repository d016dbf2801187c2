import type { S3Client } from '@aws-sdk/client-s3';
import type { Activity } from '../aws/activity.ts';
import { readKeyTime, type TimeRange } from './key-time.ts';
import { callToList, type S3Object, unquote } from './s3-object.ts';
import { keyToSkipTo } from './skip-days.ts';

export interface ListingOptions {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly prefix: string;
  /** Only objects with lines of this time range: by key, or, where keys hold no time, by time of writing. */
  readonly range?: Partial<TimeRange>;
  readonly activity: Activity;
}

/**
 * The objects below a prefix, in pages ordered by key. Days outside the range are skipped where keys are sorted by
 * time.
 * @throws UnmendableError; the signal's reason
 */
export async function* listObjects(
  { s3, bucket, prefix, range = {}, activity }: ListingOptions,
  signal: AbortSignal,
): AsyncGenerator<readonly S3Object[]> {
  const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
  let startAfter: string | undefined;
  do {
    const command = new ListObjectsV2Command({
      Bucket: bucket,
      Prefix: prefix,
      ...(startAfter === undefined ? {} : { StartAfter: startAfter }),
    });
    const page = await activity.call(callToList(bucket, prefix), signal, () =>
      s3.send(command, { abortSignal: signal }),
    );
    const entries = page.Contents ?? [];
    const wanted = entries.filter(({ Key = '', LastModified }) => isWanted(Key, LastModified, range));
    yield wanted.map(({ Key = '', ETag, Size }) => ({
      bucket,
      key: Key,
      ...(ETag === undefined ? {} : { etag: unquote(ETag) }),
      ...(Size === undefined ? {} : { bytes: Size }),
    }));
    const last = page.IsTruncated ? entries.at(-1)?.Key : undefined;
    startAfter = last === undefined ? undefined : (keyToSkipTo(last, range) ?? last);
  } while (startAfter !== undefined);
}

function isWanted(key: string, modified: Date | undefined, range: Partial<TimeRange>): boolean {
  const { fromMs = Number.NEGATIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY } = range;
  const time = readKeyTime(key);
  if (time) return time.untilMs > fromMs && time.fromMs < untilMs;
  const modifiedMs = modified?.getTime();
  return modifiedMs === undefined || (modifiedMs >= fromMs && modifiedMs < untilMs);
}
