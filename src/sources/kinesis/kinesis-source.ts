import type { Source } from '../source.ts';
import { checkAccess } from './check-access.ts';
import type { KinesisOptions } from './kinesis-options.ts';
import { StreamActivity } from './stream-activity.ts';

/** A Kinesis data stream: every shard to its end, parents before children, each record once. */
export function createKinesisSource(options: KinesisOptions): Source {
  const activity = new StreamActivity();
  return {
    type: 'kinesis',
    check: (signal) => checkAccess(options, signal),
    status: () => activity.status(),
    run: async (sink, signal) => {
      const { runStream } = await import('./run-stream.ts');
      await runStream(options, sink, activity, signal);
    },
  };
}
