import { type ShippedTable, shippedTables } from '../../../src/destinations/destination.ts';
import { LocalStream, npmKinesis, setTestCredentials } from '../../../src/sources/test-doubles/local-stream.ts';
import { readRecords } from '../../../src/sources/test-doubles/read-records.ts';
import type { DestinationUnderTest, PlaceUnderTest } from '../destination-under-test.ts';
import { accessDenied, actionOf, forward } from './aws-forwarding.ts';
import { rowsOnce } from './delivered-lines.ts';
import { Gate, type GatedRequest } from './gate.ts';

setTestCredentials();

type Reader = 'of records' | 'of rows';

const memory = 'the same as of firehose, whose double keeps nothing in this process';
const variable = 'TAILRACE_TEST_KINESIS_URL';
const running = process.env[variable];

/** A reader that knows records by their keys, and one that knows rows by their identity. */
export const kinesisStreams: readonly DestinationUnderTest[] = [
  stream('kinesalite', 'of records', shippedTables, npmKinesis().url, { memory }),
  {
    ...stream('Ferrokinesis', 'of rows', ['requests', 'logs'], async () => running ?? '', {
      memory,
      kill: 'the same as with kinesalite',
    }),
    ...(running ? {} : { missing: `${variable} is not set` }),
  },
];

function stream(
  server: string,
  reader: Reader,
  tables: readonly ShippedTable[],
  url: () => Promise<string>,
  exceptions: DestinationUnderTest['exceptions'],
): DestinationUnderTest {
  return {
    name: `kinesis, ${server}, a reader ${reader}`,
    kind: 'kinesis',
    tables,
    visible: 'rows',
    exceptions,
    openPlace: async () => openStream(await url(), reader, tables),
  };
}

async function openStream(url: string, reader: Reader, tables: readonly ShippedTable[]): Promise<PlaceUnderTest> {
  const stream = await LocalStream.create(url, 2);
  const gate = await Gate.open((request) => forward(url, request));
  const isPut = (request: GatedRequest) => actionOf(request) === 'PutRecords';
  return {
    section: { type: 'kinesis', stream: stream.name, endpoint: gate.url, region: 'us-east-1', tables },
    rows: async () => {
      const records = await readRecords(stream);
      if (reader === 'of rows') return rowsOnce(records.map(({ text }) => text).join(''));
      return [...new Map(records.map(({ key, text }) => [key, text]))].flatMap(([key, text]) => {
        const table = key.split('-')[1] as ShippedTable;
        return text
          .trimEnd()
          .split('\n')
          .map((line) => ({ table, values: JSON.parse(line) }));
      });
    },
    traces: async () => (await readRecords(stream)).map(({ text }) => text),
    ...gate.faults(isPut),
    forbid: async () => gate.answerAll(accessDenied, isPut),
    close: async () => {
      await gate.end();
      stream.client.destroy();
    },
  };
}
