import { join } from 'node:path';
import type { SourceUnderTest } from '../source-under-test.ts';
import { openStubBucket } from './stub-bucket.ts';

/** Messages of a queue, which come again until they are deleted. */
export const s3Queue: SourceUnderTest = {
  name: 'S3 by a queue',
  kind: 's3',
  unparsable: 'rejected',
  exceptions: {},
  async openInput(folder) {
    const { aws, createSource, put } = await openStubBucket(join(folder, 'spool'));
    const notifications = new Map<string, string>();
    const send = (name: string) => aws.send(notifications.get(name) ?? '');
    return {
      offer: async (name, content) => {
        notifications.set(name, put(name, content));
        send(name);
      },
      repeat: async (name) => send(name),
      run: async (sink, signal) => {
        // By now the visibility timeout of an earlier reader has passed.
        for (const message of aws.messages) message.visibleAtMs = 0;
        await createSource({ queue: aws.queueUrl }).run(sink, signal);
      },
      unacknowledged: async () => aws.messages.length,
      close: () => aws.close(),
    };
  },
};
