// Each row as a message: { type: module, path: ./sqs.ts, batchRows: 10, maxBytes: 256KB, env: [QUEUE_URL, "AWS_*"] }
import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { ModuleDestination } from 'tailrace/module';

const sqs = new SQSClient({});
const QueueUrl = process.env.QUEUE_URL;

export default {
  check: () => sqs.send(new GetQueueAttributesCommand({ QueueUrl })),
  async write({ rows, signal }) {
    const Entries = rows.map((row, index) => ({ Id: `${index}`, MessageBody: JSON.stringify(row) }));
    const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }), { abortSignal: signal });
    return { failed: Failed.map((one) => ({ index: Number(one.Id), reason: `${one.Code}`, retry: !one.SenderFault })) };
  },
} satisfies ModuleDestination;
