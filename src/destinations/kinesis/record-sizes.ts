import type { RecordSizes } from '../aws/record-stream.ts';

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
export const recordSizes: RecordSizes = {
  // Streams whose MaxRecordSizeInKiB was raised take up to this.
  most: 10 * 1024 * 1024,
  usual: 1024 * 1024,
  sizeOf: ({ key, lines }) => key.length + lines.length,
};
