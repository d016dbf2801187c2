import type { AwsAccess } from '../aws/client-options.ts';
import type { StartPosition } from './position.ts';

export interface KinesisOptions extends AwsAccess {
  /** Name or ARN. */
  readonly stream: string;
  /** Where to start in a stream of which nothing is stored yet. */
  readonly startFrom: StartPosition;
  /** Enhanced fan-out: 2 MB/s pushed to this consumer alone. The consumer is registered when it does not exist. */
  readonly fanOut?: { readonly consumer: string };
  /** For several workers: they share shards by leases in this DynamoDB table, which is created when missing. */
  readonly leases?: LeaseOptions;
  /** Pause between calls for one shard, default 200; the service allows five a second for all readers together. */
  readonly pollMs?: number;
  /** Name of the pipeline; one table may hold the leases of several. */
  readonly pipeline: string;
}

/** Region and role default to those of the stream; the endpoint does not, since it is another service's. */
export interface LeaseOptions extends AwsAccess {
  readonly table: string;
}

export function leaseAccess({ access }: { readonly access: AwsAccess }, leases: LeaseOptions): LeaseOptions {
  const { region, assumeRole } = access;
  return { ...(region ? { region } : {}), ...(assumeRole ? { assumeRole } : {}), ...leases };
}
