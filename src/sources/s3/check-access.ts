import type { AwsAccess } from '../aws/client-options.ts';
import { explain, failureKind, isRefusedReceipt } from './failure.ts';
import { openS3, openSqs } from './open-clients.ts';

/** No check takes longer; it may well be that nothing answers. */
const checkMs = 15_000;

/**
 * Whether messages may be received and deleted. Receiving counts against a queue's redrive policy, so it is only tried
 * when the queue is empty; nothing is deleted, since the receipt is made up.
 * @returns what is wrong, each with a remedy
 */
export async function checkQueue(access: AwsAccess, queue: string, signal: AbortSignal): Promise<readonly string[]> {
  const { DeleteMessageCommand, GetQueueAttributesCommand, ReceiveMessageCommand } = await import(
    '@aws-sdk/client-sqs'
  );
  const sqs = await openSqs(access, queue);
  const QueueUrl = queue;
  const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(checkMs)]);
  const attempt = <T>(action: string, send: () => Promise<T>) => probe(`use queue "${queue}"`, action, queue, send);
  try {
    const look = await attempt('sqs:GetQueueAttributes', () =>
      sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }), {
        abortSignal,
      }),
    );
    const isEmpty = look.answer?.Attributes?.ApproximateNumberOfMessages === '0';
    const receive = isEmpty
      ? await attempt('sqs:ReceiveMessage', () =>
          sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0, WaitTimeSeconds: 0 }), { abortSignal }),
        )
      : {};
    const remove = await attempt('sqs:DeleteMessage', () =>
      sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'tailrace-check' }), { abortSignal }),
    );
    // A queue that is not there fails all three alike.
    return [...new Set([look, receive, remove].flatMap(({ problem }) => problem ?? []))];
  } finally {
    sqs.destroy();
  }
}

/** Whether a bucket may be listed and, where there is an object, read. */
export async function checkBucket(
  access: AwsAccess,
  bucket: string,
  prefix: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { GetObjectCommand, ListObjectsV2Command } = await import('@aws-sdk/client-s3');
  const s3 = await openS3(access);
  const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(checkMs)]);
  try {
    const list = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 1 });
    const { answer, problem } = await probe(
      `list "s3://${bucket}/${prefix}"`,
      's3:ListBucket',
      `arn:aws:s3:::${bucket}`,
      () => s3.send(list, { abortSignal }),
    );
    if (problem !== undefined) return [problem];
    const Key = answer?.Contents?.[0]?.Key;
    if (Key === undefined) return [];
    const read = await probe(`read "s3://${bucket}/${Key}"`, 's3:GetObject', `arn:aws:s3:::${bucket}/*`, async () => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }), { abortSignal });
      (Body as { destroy?: () => void } | undefined)?.destroy?.();
    });
    return read.problem === undefined ? [] : [read.problem];
  } finally {
    s3.destroy();
  }
}

async function probe<T>(
  verb: string,
  action: string,
  resource: string,
  send: () => Promise<T>,
): Promise<{ readonly answer?: T; readonly problem?: string }> {
  try {
    return { answer: await send() };
  } catch (error) {
    // Gone meanwhile, or a made-up receipt: the permission is there.
    if (failureKind(error) === 'gone' || isRefusedReceipt(error)) return {};
    return { problem: explain(error, verb, action, resource) };
  }
}
