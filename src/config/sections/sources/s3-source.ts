import { z } from 'zod';
import type { AwsAccess } from '../../../sources/aws/client-options.ts';
import { s3Grants } from '../../../sources/s3/s3-grants.ts';
import { trimTrailing } from '../../../text/trim-trailing.ts';
import { duration, refuse, text } from '../../fields.ts';
import { httpAddress } from '../../http-address.ts';
import { quote } from '../../secrecy.ts';
import { awsAccess, bucketName } from './aws-access.ts';
import type { SourceKind } from './source-kind.ts';

/** S3 objects, either announced by an SQS queue or found by listing a bucket. */
export type S3SourceConfig = S3QueueConfig | S3BucketConfig;

export interface S3QueueConfig extends AwsAccess {
  readonly type: 's3';
  /** URL of the queue. */
  readonly queue: string;
  readonly visibilityTimeoutSeconds?: number;
}

export interface S3BucketConfig extends AwsAccess {
  readonly type: 's3';
  readonly bucket: string;
  /** Empty for every key. */
  readonly prefix: string;
  readonly intervalMs?: number;
}

/** Keys, each with the key that it requires. */
const companions = [
  ['visibilityTimeout', 'queue'],
  ['prefix', 'bucket'],
  ['interval', 'bucket'],
] as const;

/** `source: { type: s3 }` S3 objects, each as soon as it exists. */
export const s3Kind: SourceKind<S3SourceConfig> = {
  section: s3Section,
  shared: sharedObjects,
  grants: s3Grants,
  load: async () => {
    const { createS3Source } = await import('../../../sources/s3/s3-source.ts');
    return ({ type: _, ...options }, place) => {
      if (!('queue' in options)) return createS3Source({ ...options, ...place });
      const { visibilityTimeoutSeconds: visibilitySeconds, ...queue } = options;
      return createS3Source({ ...queue, ...place, ...(visibilitySeconds === undefined ? {} : { visibilitySeconds }) });
    };
  },
};

function s3Section() {
  return z
    .strictObject({
      type: z.literal('s3'),
      queue: queueUrl()
        .exactOptional()
        .describe('URL of the SQS queue that S3, SNS or EventBridge tells of new objects; this or bucket.'),
      visibilityTimeout: duration({ leastMs: 1000, mostMs: 12 * 3_600_000, example: '5m' })
        .exactOptional()
        .describe(
          'How long a message stays hidden from other workers; extended while its objects are stored. Default: 2m',
        ),
      bucket: bucketName().exactOptional().describe('Bucket whose keys are listed again and again; this or queue.'),
      prefix: text('how the keys begin', 'cloudfront/').exactOptional().describe('Only keys that begin so.'),
      interval: duration({ leastMs: 1000, mostMs: 7 * 86_400_000, example: '1m' })
        .exactOptional()
        .describe('How often the bucket is listed. Default: 1m'),
      ...awsAccess(),
    })
    .meta({
      oneOf: [{ required: ['queue'] }, { required: ['bucket'] }],
      dependentRequired: Object.fromEntries(companions.map(([key, owner]) => [key, [owner]])),
    })
    .transform((written, context): S3SourceConfig => {
      const { queue, visibilityTimeout, bucket, prefix, interval, ...access } = written;
      for (const [key, owner] of companions) {
        if (written[key] === undefined || written[owner] !== undefined) continue;
        return refuse(context, `it goes with ${owner}, which is not given`, `add ${owner}, or remove the line`, [key]);
      }
      if (bucket !== undefined && queue === undefined) {
        return { ...access, bucket, prefix: prefix ?? '', ...(interval === undefined ? {} : { intervalMs: interval }) };
      }
      if (queue !== undefined && bucket === undefined) {
        const region = access.region ?? regionOfQueue(queue);
        return {
          ...access,
          ...(region === undefined ? {} : { region }),
          queue,
          ...(visibilityTimeout === undefined ? {} : { visibilityTimeoutSeconds: Math.ceil(visibilityTimeout / 1000) }),
        };
      }
      const cause = queue === undefined ? 'it has neither queue nor bucket' : 'it has both queue and bucket';
      return refuse(context, cause, 'give queue to be told of new objects, or bucket to list them');
    });
}

const exampleQueue = 'https://sqs.us-east-1.amazonaws.com/123456789012/log-objects';

function queueUrl() {
  return httpAddress(exampleQueue, 'write only the address; AWS credentials come from the environment').refine(
    (url) => new URL(url).pathname.length > 1,
    { message: 'it names no queue', params: { remedy: `write for example ${exampleQueue}` } },
  );
}

function regionOfQueue(url: string): string | undefined {
  return /^sqs\.([a-z0-9-]+)\.amazonaws\.com/.exec(new URL(url).hostname)?.[1];
}

function sharedObjects(one: S3SourceConfig, other: S3SourceConfig): string | undefined {
  if ('queue' in one && 'queue' in other) {
    return queueOf(one.queue) === queueOf(other.queue) ? `the queue ${quote(one.queue)}` : undefined;
  }
  if ('queue' in one || 'queue' in other) return undefined;
  if (one.bucket !== other.bucket || one.endpoint !== other.endpoint) return undefined;
  const [short, long] = [one.prefix, other.prefix].sort((a, b) => a.length - b.length) as [string, string];
  return long.startsWith(short) ? `objects of ${quote(`s3://${one.bucket}/${long}`)}` : undefined;
}

/** SQS queues also have a legacy address. */
function queueOf(url: string): string {
  const { host, pathname } = new URL(url);
  const [, region] = /^([a-z0-9-]+)\.queue\.amazonaws\.com$/.exec(host) ?? [];
  return `${region ? `sqs.${region}.amazonaws.com` : host}${trimTrailing(pathname, '/')}`;
}
