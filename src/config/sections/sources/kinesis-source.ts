import { z } from 'zod';
import type { AwsAccess } from '../../../sources/aws/client-options.ts';
import { defaults } from '../../defaults.ts';
import { fieldNotes } from '../../field-note.ts';
import { duration, refuse, text } from '../../fields.ts';
import { parseInstant } from '../../instant.ts';
import { nearestName } from '../../nearest-name.ts';
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

const streamArn = /^arn:aws[a-z-]*:kinesis:([a-z0-9-]+):\d{12}:stream\/[\w.-]+$/;

/** `source: { type: kinesis }` all shards of a Kinesis data stream. */
export const kinesisKind: SourceKind<KinesisSourceConfig> = {
  section: kinesisSection,
  shared: sharedStream,
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
      stream: text('the name or the ARN of a stream', 'edge-logs')
        .regex(/^(?:[\w.-]+|arn:\S+)$/)
        .describe('Name or ARN of the stream.'),
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
    .transform(({ pollInterval, ...written }, context): KinesisSourceConfig => {
      const [arn, region] = streamArn.exec(written.stream) ?? [];
      if (arn === undefined && written.stream.startsWith('arn:')) {
        const remedy = 'write for example arn:aws:kinesis:us-east-1:123456789012:stream/edge-logs';
        return refuse(context, 'it is not the ARN of a stream', remedy, ['stream']);
      }
      if (region !== undefined && written.region !== undefined && written.region !== region) {
        return refuse(context, `the stream is in ${region}`, 'remove the region, the ARN names it', ['region']);
      }
      return { ...written, ...(region === undefined ? {} : { region }), pollIntervalMs: pollInterval };
    });
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

/** Compares name and region, as the store identifies streams; a missing region may equal the other one. */
function sharedStream(one: KinesisSourceConfig, other: KinesisSourceConfig): string | undefined {
  const name = nameOf(one.stream);
  if (name !== nameOf(other.stream) || one.endpoint !== other.endpoint) return undefined;
  const areApart = one.region !== undefined && other.region !== undefined && one.region !== other.region;
  return areApart ? undefined : `the stream ${name}`;
}

function nameOf(stream: string): string {
  return stream.startsWith('arn:') ? stream.slice(stream.indexOf('/') + 1) : stream;
}
