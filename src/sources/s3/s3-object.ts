import type { AwsCall } from '../aws/explain-failure.ts';

/** An object, with what a notification or a listing states about it. */
export interface S3Object {
  readonly bucket: string;
  /** Decoded. */
  readonly key: string;
  readonly versionId?: string;
  /** Without quotes. */
  readonly etag?: string;
  readonly bytes?: number;
}

export function originOf({ bucket, key }: Pick<S3Object, 'bucket' | 'key'>): string {
  return `s3://${bucket}/${key}`;
}

/**
 * Identity of the content. Uses what notifications, listings and replies all contain, so that a backfill knows what
 * came through the queue; listings have no version id, and it says no more about the bytes.
 */
export function versionOf(etag: string, bytes: number): string {
  return `${etag}:${bytes}`;
}

/** Replies and listings quote the ETag, notifications do not. */
export function unquote(etag: string): string {
  return etag.replaceAll('"', '');
}

/** The last part of the key. */
export function filenameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

export function callToRead(object: Pick<S3Object, 'bucket' | 'key'>): AwsCall {
  const resource = `arn:aws:s3:::${object.bucket}/*`;
  return { what: `read "${originOf(object)}"`, action: 's3:GetObject', resource, decrypts: true };
}

export function callToList(bucket: string, prefix: string): AwsCall {
  return { what: `list "s3://${bucket}/${prefix}"`, action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}` };
}
