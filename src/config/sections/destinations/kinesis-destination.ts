import { z } from 'zod';
import { kinesisPutGrants } from '../../../destinations/aws/record-grants.ts';
import { defaults } from '../../defaults.ts';
import { sharedStream, streamKey, withRegion } from '../aws-stream.ts';
import { awsAccess } from '../sources/aws-access.ts';
import { kinesisArn } from '../sources/kinesis-source.ts';
import { backupGrants, loadBackup } from './backup-key.ts';
import type { DestinationKind } from './destination-kind.ts';
import { type RecordConfig, recordKeys } from './record-keys.ts';

export interface KinesisDestinationConfig extends RecordConfig {
  readonly type: 'kinesis';
}

/** `{ type: kinesis }` records of a Kinesis data stream. */
export const kinesisKind: DestinationKind<KinesisDestinationConfig> = {
  section: kinesisSection,
  shared: sharedStream,
  grants: (config) => [...kinesisPutGrants(config), ...backupGrants(config)],
  load: async () => {
    const { createKinesisDestination } = await import('../../../destinations/kinesis/kinesis-destination.ts');
    const backupOf = await loadBackup('kinesis-failed');
    return ({ backup, ...config }, own) => createKinesisDestination({ ...config, ...backupOf(backup, own) });
  },
};

function kinesisSection(baseDirectory: string) {
  return z
    .strictObject({
      type: z.literal('kinesis'),
      stream: streamKey('edge-rows').describe('Name or ARN of the stream.'),
      ...awsAccess(),
      ...recordKeys(baseDirectory, defaults.destinations.kinesis),
    })
    .transform((written, context): KinesisDestinationConfig => withRegion(written, kinesisArn, context));
}
