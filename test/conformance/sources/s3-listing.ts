import { join } from 'node:path';
import type { Content, SourceUnderTest } from '../source-under-test.ts';
import { openStubBucket } from './stub-bucket.ts';

/** Every listing delivers all objects again; besides, an object may be written again with the same content. */
export const s3Listing: SourceUnderTest = {
  name: 'S3 by listing',
  kind: 's3',
  unparsable: 'rejected',
  exceptions: {},
  async openInput(folder) {
    const { aws, bucket, createSource, put } = await openStubBucket(join(folder, 'spool'));
    const offered = new Map<string, Content>();
    return {
      offer: async (name, content) => {
        offered.set(name, content);
        put(name, content);
      },
      repeat: async (name) => {
        put(name, offered.get(name) ?? []);
      },
      run: (sink, signal) => createSource({ bucket }).run(sink, signal),
      unacknowledged: async (checkpoints) => {
        // An empty object is ignored by each listing, without being read.
        const names = [...offered].filter(([, { length }]) => length > 0).map(([name]) => name);
        const origins = names.map((name) => `s3://${bucket}/${name}`);
        const stored = new Set((await checkpoints.versionsOf(origins)).map(({ origin }) => origin));
        return origins.filter((origin) => !stored.has(origin)).length;
      },
      close: () => aws.close(),
    };
  },
};
