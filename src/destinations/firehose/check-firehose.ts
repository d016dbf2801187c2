import { AccessProbe } from '../../sources/aws/access-probe.ts';
import { explainState } from '../aws/explain-state.ts';
import type { StreamPlace } from '../aws/record-stream.ts';
import { connectFirehose } from './connect-firehose.ts';

/** Describes the stream. Nothing tells, without a record, whether records may be put. @returns problems with remedies */
export async function checkFirehose(options: StreamPlace, signal: AbortSignal): Promise<readonly string[]> {
  const stream = await connectFirehose(options);
  const probe = new AccessProbe(signal);
  try {
    const description = await probe.try(stream.describing, () => stream.describe(probe.signal));
    if (!description) return probe.problems;
    const { DeliveryStreamStatus = '', DeliveryStreamType = 'DirectPut' } = description;
    const problem = explainState(stream.call, DeliveryStreamStatus);
    if (problem) return [problem.message];
    if (DeliveryStreamType === 'DirectPut') return [];
    return [
      `cannot ${stream.call.what}: its source is ${DeliveryStreamType}; deliver to that, or name a stream whose source is Direct PUT`,
    ];
  } finally {
    stream.close();
  }
}
