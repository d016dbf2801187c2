import { AccessProbe } from '../../sources/aws/access-probe.ts';
import { isNamed } from '../../sources/aws/failure-kind.ts';
import { callOnStream, connectStream } from '../../sources/kinesis/open-stream.ts';
import { explainState } from '../aws/explain-state.ts';
import type { StreamPlace } from '../aws/record-stream.ts';

/** Has as many digits as a hash key, and is greater than the greatest one. */
const noHashKey = '9'.repeat(39);

/**
 * Describes the stream, and asks for a record that it cannot take: who may not put records is told that instead. Leaves
 * nothing behind. @returns problems with remedies
 */
export async function checkPutting(options: StreamPlace, signal: AbortSignal): Promise<readonly string[]> {
  const stream = await connectStream(options.stream, options);
  const { DescribeStreamSummaryCommand, PutRecordsCommand } = await import('@aws-sdk/client-kinesis');
  const { client, target } = stream;
  const probe = new AccessProbe(signal);
  const sending = { abortSignal: probe.signal };
  try {
    const reply = await probe.try(callOnStream(stream, 'DescribeStreamSummary'), () =>
      client.send(new DescribeStreamSummaryCommand(target), sending),
    );
    if (!reply) return probe.problems;
    const put = callOnStream(stream, 'PutRecords');
    const problem = explainState(put, reply.StreamDescriptionSummary?.StreamStatus ?? '');
    if (problem) return [problem.message];
    const Records = [{ PartitionKey: 'tailrace-check', ExplicitHashKey: noHashKey, Data: Buffer.alloc(0) }];
    await probe.try(
      put,
      () => client.send(new PutRecordsCommand({ ...target, Records }), sending),
      (error) => isNamed(error, /^(InvalidArgument|Validation)Exception$/),
    );
    return probe.problems;
  } finally {
    client.destroy();
  }
}
