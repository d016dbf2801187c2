import { type AwsGrant, grantsTo, streamArnOf } from '../../sources/aws/aws-grant.ts';
import type { StreamPlace } from './record-stream.ts';

/** Putting records into a Kinesis data stream. */
export function kinesisPutGrants(place: StreamPlace): readonly AwsGrant[] {
  const resources = [streamArnOf('kinesis', 'stream', place.stream, place)];
  return grantsTo(place, [{ actions: ['kinesis:DescribeStreamSummary', 'kinesis:PutRecords'], resources }]);
}

/** Putting records into a Firehose stream. */
export function firehoseGrants(place: StreamPlace): readonly AwsGrant[] {
  const resources = [streamArnOf('firehose', 'deliverystream', place.stream, place)];
  return grantsTo(place, [{ actions: ['firehose:DescribeDeliveryStream', 'firehose:PutRecordBatch'], resources }]);
}
