import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { type AwsAccess, awsClientOptions } from '../aws/client-options.ts';

export async function openS3(access: AwsAccess, limits?: { readonly requestTimeoutMs: number }): Promise<S3Client> {
  const { S3Client } = await import('@aws-sdk/client-s3');
  return new S3Client({
    ...(await awsClientOptions(access, limits)),
    // The bucket may be in another region than the queue.
    followRegionRedirects: true,
    // Only AWS has a host name for every bucket.
    forcePathStyle: (access.endpoint ?? endpointInEnvironment('S3')) !== undefined,
  });
}

/**
 * The queue's URL contains its host and region; the configured endpoint is the bucket's, and also the queue's only
 * where its URL names AWS.
 */
export async function openSqs(access: AwsAccess, queue: string): Promise<SQSClient> {
  const { SQSClient } = await import('@aws-sdk/client-sqs');
  const { host, origin } = new URL(queue);
  const region = access.region ?? /^sqs\.([a-z0-9-]+)\.amazonaws\.com/.exec(host)?.[1];
  const isAws = /\.amazonaws\.com(\.cn)?$/.test(host);
  const endpoint = endpointInEnvironment('SQS') ?? (isAws ? access.endpoint : origin) ?? origin;
  return new SQSClient(await awsClientOptions({ ...access, endpoint, ...(region === undefined ? {} : { region }) }));
}

function endpointInEnvironment(service: 'S3' | 'SQS'): string | undefined {
  return process.env[`AWS_ENDPOINT_URL_${service}`] || process.env.AWS_ENDPOINT_URL || undefined;
}
