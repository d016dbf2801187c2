import { createHash, type Hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { type S3Object, unquote, versionOf } from './s3-object.ts';

export interface FetchedObject {
  /** ETag of the downloaded bytes, which may be newer than the announced ones. */
  readonly version: string;
  readonly modifiedMs?: number;
}

/** The received bytes differ from what the service says it sent; a retry may help. */
class IncompleteObjectError extends Error {
  override readonly name = 'IncompleteObject';
}

/**
 * Streams an object to a file, and checks its size and, where the ETag is an MD5, its MD5.
 * @throws an error of the SDK or of the file system, or {@link IncompleteObjectError}
 */
export async function fetchObject(
  s3: S3Client,
  object: S3Object,
  path: string,
  signal: AbortSignal,
): Promise<FetchedObject> {
  const { GetObjectCommand } = await import('@aws-sdk/client-s3');
  const { bucket, key, versionId } = object;
  const reply = await s3.send(
    new GetObjectCommand({ Bucket: bucket, Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) }),
    { abortSignal: signal },
  );
  const md5 = hasMd5(reply, bucket) ? createHash('md5') : undefined;
  const bytes = await writeBody(reply.Body as Readable, path, md5, signal);
  const etag = unquote(reply.ETag ?? '');
  if (bytes !== reply.ContentLength) {
    throw new IncompleteObjectError(`${bytes} of ${reply.ContentLength} bytes arrived`);
  }
  if (md5 && md5.digest('hex') !== etag) throw new IncompleteObjectError('its MD5 is not its ETag');
  return {
    version: versionOf(etag, bytes),
    ...(reply.LastModified ? { modifiedMs: reply.LastModified.getTime() } : {}),
  };
}

async function writeBody(body: Readable, path: string, md5: Hash | undefined, signal: AbortSignal): Promise<number> {
  let bytes = 0;
  await pipeline(
    body,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        md5?.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(path),
    { signal },
  );
  return bytes;
}

/**
 * Not for multipart uploads, objects encrypted with a KMS or customer key, or objects in a directory bucket.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
 */
function hasMd5(reply: GetObjectCommandOutput, bucket: string): boolean {
  const { ETag, ServerSideEncryption, SSECustomerAlgorithm } = reply;
  const encrypted = SSECustomerAlgorithm !== undefined || /^aws:/.test(ServerSideEncryption ?? '');
  return /^"?[0-9a-f]{32}"?$/.test(ETag ?? '') && !encrypted && !bucket.endsWith('--x-s3');
}
