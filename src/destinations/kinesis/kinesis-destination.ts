import { RecordDestination, type RecordOptions } from '../aws/record-destination.ts';
import type { RecordSizes } from '../aws/record-stream.ts';
import type { Destination } from '../destination.ts';
import { checkPutting } from './check-putting.ts';
import { connectRecordStream } from './connect-record-stream.ts';

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
const sizes: RecordSizes = {
  // Streams whose MaxRecordSizeInKiB was raised take up to this.
  most: 10 * 1024 * 1024,
  usual: 1024 * 1024,
  sizeOf: ({ key, lines }) => key.length + lines.length,
};

/** Rows in records of a Kinesis data stream. */
export function createKinesisDestination(options: RecordOptions): Destination {
  return new RecordDestination(
    {
      type: 'kinesis',
      sizes,
      connect: () => connectRecordStream(options),
      check: (signal) => checkPutting(options, signal),
    },
    options,
  );
}
