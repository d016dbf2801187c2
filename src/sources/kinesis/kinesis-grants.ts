import { type AwsGrant, arnOf, grantsTo, streamArnOf } from '../aws/aws-grant.ts';
import { type KinesisOptions, leaseAccess } from './kinesis-options.ts';

const reading = ['DescribeStreamSummary', 'ListShards', 'GetShardIterator', 'GetRecords'];
const fanning = ['RegisterStreamConsumer', 'DescribeStreamConsumer', 'SubscribeToShard'];
const leasing = ['DescribeTable', 'CreateTable', 'Scan', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'];

/** Reading a stream, with a consumer of its own and with leases where they are configured. */
export function kinesisGrants(
  options: Pick<KinesisOptions, 'stream' | 'fanOut' | 'leases' | 'region' | 'assumeRole'>,
): readonly AwsGrant[] {
  const { stream, fanOut, leases } = options;
  const arn = streamArnOf('kinesis', 'stream', stream, options);
  const actions = [...reading, ...(fanOut ? fanning : [])].map((name) => `kinesis:${name}`);
  const grants = grantsTo(options, [
    { actions, resources: [arn, ...(fanOut ? [`${arn}/consumer/${fanOut.consumer}:*`] : [])] },
  ]);
  if (!leases) return grants;
  const access = leaseAccess({ access: options }, leases);
  const table = arnOf('dynamodb', access, `table/${leases.table}`, arn.split(':')[4]);
  return [...grants, ...grantsTo(access, [{ actions: leasing.map((name) => `dynamodb:${name}`), resources: [table] }])];
}
