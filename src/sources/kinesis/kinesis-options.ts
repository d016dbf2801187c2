import type { AwsAccess } from '../aws/client-options.ts';
import type { StartPosition } from './position.ts';

export interface KinesisOptions extends AwsAccess {
  /** Name or ARN. */
  readonly stream: string;
  /** Where to begin in a stream of which nothing is stored yet. */
  readonly startFrom: StartPosition;
  /** Enhanced fan-out: 2 MB/s for this consumer alone, pushed. The consumer is registered when it is not. */
  readonly fanOut?: { readonly consumer: string };
  /** For many workers: shards are shared by leases in this DynamoDB table, which is created when missing. */
  readonly leases?: LeaseOptions;
  /** Pause between calls for one shard, of which the service allows five a second for all readers together; 200 when absent. */
  readonly pollMs?: number;
  /** Name of the pipeline; leases of several may stand in one table. */
  readonly pipeline: string;
}

/** Region and role are those of the stream when absent; the address is not, it is of another service. */
export interface LeaseOptions extends AwsAccess {
  readonly table: string;
}

export function leaseAccess({ access }: { readonly access: AwsAccess }, leases: LeaseOptions): LeaseOptions {
  const { region, assumeRole } = access;
  return { ...(region ? { region } : {}), ...(assumeRole ? { assumeRole } : {}), ...leases };
}
