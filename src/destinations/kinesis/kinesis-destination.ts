import { RecordDestination, type RecordOptions } from '../aws/record-destination.ts';
import type { Destination } from '../destination.ts';
import { checkPutting } from './check-putting.ts';
import { connectRecordStream } from './connect-record-stream.ts';
import { recordSizes } from './record-sizes.ts';

/** Rows in records of a Kinesis data stream. */
export function createKinesisDestination(options: RecordOptions): Destination {
  return new RecordDestination(
    {
      type: 'kinesis',
      sizes: recordSizes,
      connect: () => connectRecordStream(options),
      check: (signal) => checkPutting(options, signal),
    },
    options,
  );
}
