import type { Source } from '../source.ts';
import { checkAccess } from './check-access.ts';
import type { KinesisOptions } from './kinesis-options.ts';
import { StreamActivity } from './stream-activity.ts';

async function streamOrigin(options: KinesisOptions, activity: StreamActivity): Promise<string> {
  const [{ openStream }, { originOf }] = await Promise.all([import('./open-stream.ts'), import('./run-shards.ts')]);
  const stream = await openStream(options.stream, options, activity);
  stream.close();
  return originOf(stream);
}

/** A Kinesis data stream: every shard to its end, parents before children, each record once. */
export function createKinesisSource(options: KinesisOptions): Source {
  const activity = new StreamActivity();
  return {
    type: 'kinesis',
    check: (signal) => checkAccess(options, signal),
    status: () => activity.status(),
    ...(options.leases ? {} : { exclusiveInput: () => streamOrigin(options, activity) }),
    run: async (sink, signal) => {
      const { runStream } = await import('./run-stream.ts');
      await runStream(options, sink, activity, signal);
    },
  };
}
