import { randomBytes } from 'node:crypto';
import { type ShippedTable, shippedTables } from '../../../src/destinations/destination.ts';
import { comparedColumns, type DeliveredRow, type DestinationUnderTest, killLike } from '../destination-under-test.ts';
import { Gate } from './gate.ts';
import { type Documents, MemoryCluster, RealCluster } from './search-documents.ts';

const url = process.env.TAILRACE_TEST_OPENSEARCH_URL;

/** The protocol against an index in memory, which is always there, and a real node. */
export const searchClusters: readonly DestinationUnderTest[] = [
  cluster('opensearch, in memory', () => new MemoryCluster(), url ? killLike('on a real node') : {}),
  {
    ...cluster('opensearch, a real node', () => new RealCluster(url ?? ''), { memory: 'the same as in memory' }),
    ...(url ? {} : { missing: 'TAILRACE_TEST_OPENSEARCH_URL is not set' }),
  },
];

function cluster(
  name: string,
  open: () => Documents,
  exceptions: DestinationUnderTest['exceptions'],
): DestinationUnderTest {
  return {
    name,
    kind: 'opensearch',
    tables: shippedTables,
    visible: 'rows',
    exceptions,
    openPlace: async () => {
      const documents = open();
      const gate = await Gate.open((request) => documents.answer(request));
      const index = `trial-${randomBytes(6).toString('hex')}`;
      const all = () => documents.read(index);
      return {
        section: { type: 'opensearch', url: gate.url, index, tables: shippedTables, requestSize: '64KiB' },
        rows: async () => (await all()).map(({ id, document }) => rowOf(id, document)),
        traces: async () => (await all()).map((document) => JSON.stringify(document)),
        forbid: async () =>
          gate.answerAll({ status: 403, body: { error: { type: 'security_exception', reason: 'no permissions' } } }),
        ...gate.faults(({ path }) => path.startsWith('/_bulk')),
        close: async () => {
          await gate.end();
          await documents.remove(index);
        },
      };
    },
  };
}

const tablesByLetter: Readonly<Record<string, ShippedTable>> = { r: 'requests', l: 'logs', x: 'rejects' };

/** What is empty is not in a document. */
function rowOf(id: string, document: Readonly<Record<string, unknown>>): DeliveredRow {
  const table = tablesByLetter[/^\d+-([rlx])/.exec(id)?.[1] ?? ''];
  if (table === undefined) throw new Error(`the id "${id}" is that of no table`);
  return { table, values: Object.fromEntries(comparedColumns[table].map((name) => [name, document[name] ?? ''])) };
}
