import { Activity } from '../aws/activity.ts';
import type { SourceStatus } from '../source.ts';

/** Status of a shard. */
export interface ShardActivity {
  lagMs?: number;
  /** When the oldest fetched record that is not stored yet reached the stream. */
  oldestArrivedAtMs?: number | undefined;
}

/** Status of the source, by shard. */
export class StreamActivity extends Activity {
  readonly shards = new Map<string, ShardActivity>();

  status(nowMs = Date.now()): SourceStatus {
    const parts = [...this.shards].map(([name, { lagMs, oldestArrivedAtMs }]) => ({
      name,
      ...(lagMs === undefined ? {} : { lagMs }),
      ...(oldestArrivedAtMs === undefined ? {} : { oldestUnacknowledgedMs: Math.max(0, nowMs - oldestArrivedAtMs) }),
    }));
    return this.statusWith(parts);
  }
}
