// Each row as a record: { type: module, path: ./kinesis.ts, batchRows: 500, env: [STREAM, "AWS_*"] }
import { DescribeStreamSummaryCommand, KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { ModuleDestination } from 'tailrace/module';

const kinesis = new KinesisClient({});
const StreamName = process.env.STREAM;

export default {
  check: () => kinesis.send(new DescribeStreamSummaryCommand({ StreamName })),
  async write({ rows, signal }) {
    const Data = rows.map((row) => Buffer.from(`${JSON.stringify(row)}\n`));
    const records = Data.map((Data, index) => ({ Data, PartitionKey: `${rows[index]?.line_number}` }));
    const command = new PutRecordsCommand({ StreamName, Records: records });
    const { Records = [] } = await kinesis.send(command, { abortSignal: signal });
    const failed = Records.map(({ ErrorCode }, index) => ({ index, reason: ErrorCode ?? '', retry: true }));
    return { failed: failed.filter(({ reason }) => reason !== '') };
  },
} satisfies ModuleDestination;
