import { explainPut } from '../../destinations/aws/explain-state.ts';
import type { RecordStream, StreamPlace, StreamRecord } from '../../destinations/aws/record-stream.ts';
import { checkPutting } from '../../destinations/kinesis/check-putting.ts';
import { connectRecordStream } from '../../destinations/kinesis/connect-record-stream.ts';
import { recordSizes } from '../../destinations/kinesis/record-sizes.ts';
import { failureKind } from '../../sources/aws/failure-kind.ts';
import type { SendOutcome } from '../../webhooks/send-webhook.ts';
import type { EmittedWindow } from '../read-emissions.ts';
import type { WindowOutput } from './window-output.ts';

/** Half of what a request may have. */
const requestBytes = 5 * 1024 * 1024;

/**
 * A record for each window, a JSON line. All of a query have one key, so that a shard has them in their order. A record is there twice
 * when its answer was lost, or the program was killed before that was recorded; the number in it is the same then.
 * @param query its name is the key of the records
 */
export function createKinesisOutput(
  query: string,
  options: StreamPlace & { readonly giveUpAfterMs: number },
): WindowOutput {
  const { stream: place, region, giveUpAfterMs } = options;
  let stream: RecordStream | undefined;
  const close = () => stream?.close();
  return {
    name: ['kinesis', region, place].filter((part) => part !== undefined).join(':'),
    giveUpAfterMs,
    check: (signal) => checkPutting(options, signal),
    async open() {
      close();
      stream = await connectRecordStream(options);
    },
    close,
    async send(windows, signal) {
      if (!stream) throw new Error('BUG: the output is not open');
      const records = cutRequest(windows.map(({ json }, owner) => recordOf(query, json, owner)));
      return { outcomes: records.length > 0 ? await put(stream, records, signal) : [] };
    },
  };
}

function recordOf(query: string, json: EmittedWindow['json'], owner: number): StreamRecord {
  return { key: query, lines: Buffer.from(`${json}\n`), rows: 1, owner };
}

/** The first records that go together: one that is larger than usual goes alone, since it may be refused. */
function cutRequest(records: readonly StreamRecord[]): readonly StreamRecord[] {
  let bytes = 0;
  const end = records.findIndex((record, index) => {
    const size = recordSizes.sizeOf(record);
    bytes += size;
    return (
      index > 0 &&
      (bytes > requestBytes ||
        size > recordSizes.usual ||
        recordSizes.sizeOf(records[0] as StreamRecord) > recordSizes.usual)
    );
  });
  return end === -1 ? records : records.slice(0, end);
}

/** One request. @returns what became of the first records; of one at least */
async function put(
  stream: RecordStream,
  records: readonly StreamRecord[],
  signal: AbortSignal,
): Promise<readonly SendOutcome[]> {
  const size = recordSizes.sizeOf(records[0] as StreamRecord);
  const refuse = (why: string): readonly SendOutcome[] => [
    { kind: 'refused', reason: `cannot ${stream.call.what}: ${why}; let the query return fewer rows for a window` },
  ];
  if (size > recordSizes.most)
    return refuse(`a window of ${size} bytes is larger than a record may be, ${recordSizes.most}`);
  try {
    const faults = await stream.put(records, signal);
    return faults.map((fault) =>
      fault === undefined
        ? { kind: 'taken' }
        : {
            kind: 'later',
            reason: `cannot ${stream.call.what}: ${fault.code}: ${fault.message}; ${stream.throttlingRemedy}`,
          },
    );
  } catch (error) {
    signal.throwIfAborted();
    if (failureKind(error) === 'odd' && size > recordSizes.usual) return refuse((error as Error).message);
    return [{ kind: 'later', reason: (await explainPut(stream, error, signal)).message }];
  }
}
