import { RecordDestination, type RecordOptions } from '../aws/record-destination.ts';
import type { RecordSizes } from '../aws/record-stream.ts';
import type { Destination } from '../destination.ts';
import { checkFirehose } from './check-firehose.ts';
import { connectFirehose } from './connect-firehose.ts';

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html */
const recordBytes = 1000 * 1024;
const sizes: RecordSizes = { most: recordBytes, usual: recordBytes, sizeOf: ({ lines }) => lines.length };

/** Rows in records of an Amazon Data Firehose stream. */
export function createFirehoseDestination(options: RecordOptions): Destination {
  return new RecordDestination(
    {
      type: 'firehose',
      sizes,
      connect: () => connectFirehose(options),
      check: (signal) => checkFirehose(options, signal),
    },
    options,
  );
}
