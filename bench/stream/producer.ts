import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';

export const recordsPerCall = 500;

/** One `PutRecords` whose records all have its number in their path. */
export interface Call {
  readonly number: number;
  /** `performance.now()` when the last of its records was acknowledged. */
  readonly acknowledgedMs: number;
}

export function openKinesis(endpoint: string): KinesisClient {
  return new KinesisClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    requestHandler: new NodeHttpHandler(),
  });
}

/**
 * Puts real-time log records into a stream at a steady rate, one call after the other: with several at a time the local
 * server shows a reader later sequence numbers before earlier ones, which no reader can see afterwards.
 *
 * @returns how many records were acknowledged
 */
export async function produce(
  client: KinesisClient,
  stream: string,
  { perSecond, seconds, onCall }: { perSecond: number; seconds: number; onCall: (call: Call) => void },
): Promise<number> {
  const calls = Math.ceil((perSecond * seconds) / recordsPerCall);
  const everyMs = (1000 * recordsPerCall) / perSecond;
  const started = performance.now();
  for (let number = 0; number < calls; number++) {
    const waitMs = started + number * everyMs - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    onCall({ number, acknowledgedMs: await put(client, stream, number) });
  }
  return calls * recordsPerCall;
}

async function put(client: KinesisClient, stream: string, number: number): Promise<number> {
  let records = Array.from({ length: recordsPerCall }, (_, place) => ({
    Data: Buffer.from(recordLine(number, place)),
    PartitionKey: `${number}-${place}`,
  }));
  while (records.length > 0) {
    const answer = await client.send(new PutRecordsCommand({ StreamName: stream, Records: records }));
    records = records.filter((_, index) => answer.Records?.[index]?.ErrorCode);
  }
  return performance.now();
}

const agents = ['Mozilla/5.0%20(X11;%20Linux%20x86_64)%20AppleWebKit/537.36', 'curl/8.5.0', 'Googlebot/2.1'];

function recordLine(number: number, place: number): string {
  const id = `${String(number).padStart(8, '0')}${String(place).padStart(4, '0')}-bench-request-id==`;
  return [
    (Date.now() / 1000).toFixed(3),
    `192.0.2.${place % 250}`,
    place % 50 === 0 ? '404' : '200',
    String(500 + place),
    'GET',
    'www.example.com',
    `/call/${number}`,
    'FRA56-P4',
    id,
    '0.012',
    agents[place % agents.length],
    place % 3 === 0 ? 'Miss' : 'Hit',
  ]
    .join('\t')
    .concat('\n');
}
