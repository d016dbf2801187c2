import { z } from 'zod';
import { firehoseGrants } from '../../../destinations/aws/record-grants.ts';
import { defaults } from '../../defaults.ts';
import { sharedStream, streamArn, streamKey, withRegion } from '../aws-stream.ts';
import { awsAccess } from '../sources/aws-access.ts';
import { backupGrants, loadBackup } from './backup-key.ts';
import type { DestinationKind } from './destination-kind.ts';
import { type RecordConfig, recordKeys } from './record-keys.ts';

export interface FirehoseDestinationConfig extends RecordConfig {
  readonly type: 'firehose';
}

const firehoseArn = streamArn('firehose', 'deliverystream', 'edge-rows');

/** `{ type: firehose }` records of an Amazon Data Firehose stream. */
export const firehoseKind: DestinationKind<FirehoseDestinationConfig> = {
  section: firehoseSection,
  shared: sharedStream,
  grants: (config) => [...firehoseGrants(config), ...backupGrants(config)],
  load: async () => {
    const { createFirehoseDestination } = await import('../../../destinations/firehose/firehose-destination.ts');
    const backupOf = await loadBackup('firehose-failed');
    return ({ backup, ...config }, own) => createFirehoseDestination({ ...config, ...backupOf(backup, own) });
  },
};

function firehoseSection(baseDirectory: string) {
  return z
    .strictObject({
      type: z.literal('firehose'),
      stream: streamKey('edge-rows').describe('Name or ARN of a stream whose source is Direct PUT.'),
      ...awsAccess(),
      ...recordKeys(baseDirectory, defaults.destinations.firehose),
    })
    .transform((written, context): FirehoseDestinationConfig => withRegion(written, firehoseArn, context));
}
