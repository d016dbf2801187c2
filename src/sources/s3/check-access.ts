import { AccessProbe } from '../aws/access-probe.ts';
import type { AwsAccess } from '../aws/client-options.ts';
import { failureKind } from '../aws/failure-kind.ts';
import { openS3, openSqs } from './open-clients.ts';
import { callOnQueue, isRefusedReceipt } from './queue.ts';
import { callToList, callToRead } from './s3-object.ts';

/**
 * Checks whether messages may be received and deleted. Receiving counts against a queue's redrive policy, so it is only
 * tried when the queue is empty; nothing is deleted, since the receipt handle is invalid.
 * @returns problems, each with a remedy
 */
export async function checkQueue(access: AwsAccess, queue: string, signal: AbortSignal): Promise<readonly string[]> {
  const { DeleteMessageCommand, GetQueueAttributesCommand, ReceiveMessageCommand } = await import(
    '@aws-sdk/client-sqs'
  );
  const sqs = await openSqs(access, queue);
  const probe = new AccessProbe(signal);
  const abort = { abortSignal: probe.signal };
  const attempt = <T>(action: string, send: () => Promise<T>) =>
    // A missing queue fails all three calls alike, and is reported once.
    probe.try(callOnQueue(queue, 'use', action), send, isRefusedReceipt);
  const QueueUrl = queue;
  try {
    const look = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] });
    const found = await attempt('GetQueueAttributes', () => sqs.send(look, abort));
    if (found?.Attributes?.ApproximateNumberOfMessages === '0') {
      const receive = new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0, WaitTimeSeconds: 0 });
      await attempt('ReceiveMessage', () => sqs.send(receive, abort));
    }
    const remove = new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'tailrace-check' });
    await attempt('DeleteMessage', () => sqs.send(remove, abort));
    return probe.problems;
  } finally {
    sqs.destroy();
  }
}

/** Checks whether a bucket may be listed and, where it has an object, read. */
export async function checkBucket(
  access: AwsAccess,
  bucket: string,
  prefix: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { GetObjectCommand, ListObjectsV2Command } = await import('@aws-sdk/client-s3');
  const s3 = await openS3(access);
  const probe = new AccessProbe(signal);
  const abort = { abortSignal: probe.signal };
  try {
    const list = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 1 });
    const found = await probe.try(callToList(bucket, prefix), () => s3.send(list, abort));
    const key = found?.Contents?.[0]?.Key;
    if (key === undefined) return probe.problems;
    const readOne = async () => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }), abort);
      (Body as { destroy?: () => void } | undefined)?.destroy?.();
    };
    // The object may be gone meanwhile.
    await probe.try(callToRead({ bucket, key }), readOne, (error) => failureKind(error) === 'missing');
    return probe.problems;
  } finally {
    s3.destroy();
  }
}
