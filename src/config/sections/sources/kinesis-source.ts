import { z } from 'zod';
import type { AwsAccess } from '../../../sources/aws/client-options.ts';
import { kinesisGrants } from '../../../sources/kinesis/kinesis-grants.ts';
import { nearestName } from '../../../text/nearest-name.ts';
import { defaults } from '../../defaults.ts';
import { fieldNotes } from '../../field-note.ts';
import { duration, refuse } from '../../fields.ts';
import { parseInstant } from '../../instant.ts';
import { sharedStream, streamArn, streamKey, withRegion } from '../aws-stream.ts';
import { awsAccess, awsEndpoint, awsName } from './aws-access.ts';
import type { SourceKind } from './source-kind.ts';

export interface KinesisSourceConfig extends AwsAccess {
  readonly type: 'kinesis';
  /** Name or ARN. */
  readonly stream: string;
  /** Where to start in a shard that was never read; a time means records that arrived then or later. */
  readonly startFrom: (typeof positions)[number] | Date;
  readonly fanOut?: { readonly consumer: string };
  /** Lease table of the workers that share the stream; absent: one worker at a time reads all shards. */
  readonly leases?: Omit<AwsAccess, 'assumeRole'> & { readonly table: string };
  readonly pollIntervalMs: number;
}

const positions = ['TRIM_HORIZON', 'LATEST'] as const;

/** ARNs of Kinesis data streams. */
export const kinesisArn = streamArn('kinesis', 'stream', 'edge-logs');

/** `source: { type: kinesis }` all shards of a Kinesis data stream. */
export const kinesisKind: SourceKind<KinesisSourceConfig> = {
  section: kinesisSection,
  shared: sharedStream,
  grants: kinesisGrants,
  load: async () => {
    const { createKinesisSource } = await import('../../../sources/kinesis/kinesis-source.ts');
    return ({ type: _, pollIntervalMs: pollMs, ...options }, { pipeline }) =>
      createKinesisSource({ ...options, pipeline, pollMs });
  },
};

function kinesisSection() {
  return z
    .strictObject({
      type: z.literal('kinesis'),
      stream: streamKey('edge-logs').describe('Name or ARN of the stream.'),
      ...awsAccess(),
      startFrom: startFrom(),
      fanOut: z
        .strictObject({
          consumer: awsName('a name for the consumer', 'tailrace').describe('Name of the consumer to register.'),
        })
        .exactOptional()
        .describe('Enhanced fan-out: a throughput of its own for each shard, at a price.'),
      leases: z
        .strictObject({
          table: awsName('the name of a DynamoDB table', 'tailrace-leases').describe(
            'DynamoDB table of the leases, made when it is not there.',
          ),
          ...awsEndpoint(),
        })
        .exactOptional()
        .describe(
          'For many workers on one stream: where they agree who reads which shard. Without it one worker at a time reads.',
        ),
      pollInterval: duration({ leastMs: 200, mostMs: 3_600_000, example: '1s' })
        .prefault(defaults.kinesis.pollInterval)
        .describe('How often a shard without new records is asked again; not used with fanOut.'),
    })
    .transform(
      ({ pollInterval, ...written }, context): KinesisSourceConfig =>
        withRegion({ ...written, pollIntervalMs: pollInterval }, kinesisArn, context),
    );
}

function startFrom() {
  const expects = `${positions.join(', ')} or an ISO time`;
  return z
    .union([z.string(), z.number()]) // so that epoch seconds are reported as "not an ISO time", not as missing quotes
    .register(fieldNotes, { expects, example: '2026-11-01T00:00:00Z' })
    .transform((written, context): KinesisSourceConfig['startFrom'] => {
      const position = positions.find((name) => name === written);
      if (position !== undefined) return position;
      const text = String(written);
      const instant = parseInstant(text);
      if ('value' in instant) return instant.value;
      if (/^\d/.test(text)) return refuse(context, instant.cause, instant.remedy);
      const nearest = nearestName(text, positions);
      return refuse(context, `it is not ${expects}`, nearest ? `write ${nearest}` : instant.remedy);
    })
    .prefault(defaults.kinesis.startFrom)
    .describe(
      'Where to start in a shard that was never read: TRIM_HORIZON (its oldest record), LATEST, or an ISO time.',
    );
}
