import { createHash } from 'node:crypto';
import { createS3Source, type S3Options } from '../../../src/sources/s3/s3-source.ts';
import { setTestCredentials } from '../../../src/sources/test-doubles/local-stream.ts';
import { type StubAws, startStubAws } from '../../../src/sources/test-doubles/stub-aws.ts';
import { bytesOf, type Content } from '../source-under-test.ts';

/** A bucket with a queue, both of one input alone. */
export interface StubBucket {
  readonly aws: StubAws;
  /** @returns the notification that S3 sends */
  put(name: string, content: Content): string;
  createSource(options: Pick<S3Options, 'queue' | 'bucket'>): ReturnType<typeof createS3Source>;
}

let buckets = 0;

/** @returns a bucket whose name is its own, because all inputs share a store */
export async function openStubBucket(spoolDirectory: string): Promise<StubBucket & { readonly bucket: string }> {
  setTestCredentials();
  const aws = await startStubAws();
  const bucket = `bucket-${++buckets}`;
  return {
    aws,
    bucket,
    put: (key, content) => {
      const bytes = bytesOf(content);
      aws.objects.set(`${bucket}/${key}`, bytes);
      const eTag = createHash('md5').update(bytes).digest('hex');
      const s3 = { bucket: { name: bucket }, object: { key, size: bytes.length, eTag } };
      return JSON.stringify({ Records: [{ eventVersion: '2.1', eventName: 'ObjectCreated:Put', s3 }] });
    },
    createSource: (options) =>
      createS3Source({
        pipeline: 'conformance',
        region: 'us-east-1',
        endpoint: aws.url,
        spoolDirectory,
        intervalMs: 50,
        ...options,
      }),
  };
}
