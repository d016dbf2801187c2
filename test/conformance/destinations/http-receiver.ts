import { createHmac } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ShippedTable, shippedTables } from '../../../src/destinations/destination.ts';
import type { DestinationUnderTest, PlaceUnderTest } from '../destination-under-test.ts';
import { Gate, type GatedRequest } from './gate.ts';

interface ReceiverKeys {
  readonly format: 'ndjson' | 'json';
  readonly tables: readonly ShippedTable[];
  readonly secret?: string;
  readonly compression?: 'gzip';
  readonly maxBytes: number;
}

const key = Buffer.alloc(32, 'k');
const secret = `whsec_${key.toString('base64')}`;
const authorization = 'Bearer of-the-receiver';

/** Signed lines, and compressed arrays in small requests. */
export const httpReceivers: readonly DestinationUnderTest[] = [
  receiver('http, lines', { format: 'ndjson', tables: shippedTables, secret, maxBytes: 1_000_000 }, {}),
  receiver(
    'http, arrays',
    { format: 'json', tables: ['requests', 'logs'], compression: 'gzip', maxBytes: 20_000 },
    { kill: 'the same as of lines', memory: 'the same as of lines' },
  ),
];

function receiver(
  name: string,
  keys: ReceiverKeys,
  exceptions: DestinationUnderTest['exceptions'],
): DestinationUnderTest {
  const { tables } = keys;
  return { name, kind: 'http', tables, visible: 'rows', exceptions, openPlace: (folder) => openReceiver(folder, keys) };
}

/** A server that keeps each body under the key of its request, unless it knows the key. */
async function openReceiver(folder: string, keys: ReceiverKeys): Promise<PlaceUnderTest> {
  const arrivals: string[] = [];
  const faults: string[] = [];

  function keep({ headers, bytes, body }: GatedRequest): void {
    const header = (name: string) => String(headers[name]);
    if (header('authorization') !== authorization) faults.push('another authorization');
    const signed = `${header('webhook-id')}.${header('webhook-timestamp')}.`;
    const signature = `v1,${createHmac('sha256', key).update(signed).update(bytes).digest('base64')}`;
    if (keys.secret && header('webhook-signature') !== signature) faults.push('another signature');
    const rows = JSON.parse(keys.format === 'json' ? body : `[${body.trimEnd().replaceAll('\n', ',')}]`);
    if (String(rows.length) !== header('tailrace-rows')) faults.push('another number of rows');
    if (rows.length > 1 && Buffer.byteLength(body) > keys.maxBytes) faults.push('too large a body');
    const path = join(folder, `${header('idempotency-key')}.${header('tailrace-table')}.json`);
    const kept = JSON.stringify(rows);
    if (!existsSync(path)) writeFileSync(path, kept);
    else if (readFileSync(path, 'utf8') !== kept) faults.push('other rows under the same key');
    if (arrivals.at(-1) !== header('tailrace-batch')) arrivals.push(header('tailrace-batch'));
  }

  const gate = await Gate.open(async (request) => {
    if (request.method === 'POST') keep(request);
    return { status: request.method === 'POST' ? 202 : 405, body: {} };
  });
  const names = () => readdirSync(folder);
  return {
    section: { type: 'http', url: `${gate.url}/logs/?of=edge`, headers: { Authorization: authorization }, ...keys },
    rows: async () => {
      if (faults.length > 0) throw new Error(`the receiver got ${faults.join(', ')}`);
      return keys.tables.flatMap((table) =>
        names()
          .filter((name) => name.endsWith(`.${table}.json`))
          .flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
          .map((values) => ({ table, values })),
      );
    },
    traces: async () => names(),
    forbid: async () => gate.answerAll({ status: 401, body: `you are not "${authorization}"` }),
    ...gate.faults(({ method }) => method === 'POST'),
    arrivals: () => arrivals,
    close: () => gate.end(),
  };
}
