import type { DestinationUnderTest } from './destination-under-test.ts';
import { archives } from './destinations/archives.ts';
import { firehoseStreams } from './destinations/firehose-streams.ts';
import { httpReceivers } from './destinations/http-receiver.ts';
import { kinesisStreams } from './destinations/kinesis-streams.ts';
import { modules } from './destinations/modules.ts';
import { searchClusters } from './destinations/search-clusters.ts';

/** Every destination; a new one gets its place here. */
export const destinations: readonly DestinationUnderTest[] = [
  ...archives,
  ...httpReceivers,
  ...modules,
  ...searchClusters,
  ...kinesisStreams,
  ...firehoseStreams,
];
