import { createHmac } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { type ShippedTable, shippedTables } from '../../../src/destinations/destination.ts';
import type { DestinationUnderTest, PlaceUnderTest } from '../destination-under-test.ts';

const key = Buffer.alloc(32, 'k');
const authorization = 'Bearer of-the-receiver';

/** Signed lines, and compressed arrays in small requests. */
export const httpReceivers: readonly DestinationUnderTest[] = [
  receiver('http, lines', shippedTables, { format: 'ndjson', secret: `whsec_${key.toString('base64')}` }),
  receiver('http, arrays', ['requests', 'logs'], { format: 'json', compression: 'gzip', maxBytes: 20_000 }),
];

function receiver(name: string, tables: readonly ShippedTable[], keys: Record<string, unknown>): DestinationUnderTest {
  return {
    name,
    kind: 'http',
    tables,
    visible: 'rows',
    exceptions: keys.format === 'json' ? { kill: 'the same as of lines', memory: 'the same as of lines' } : {},
    openPlace: (folder) =>
      openReceiver(folder, { type: 'http', tables, headers: { Authorization: authorization }, ...keys }),
  };
}

/** A server that keeps each body under the key of its request, unless it knows the key. */
async function openReceiver(folder: string, section: Record<string, unknown>): Promise<PlaceUnderTest> {
  let state: 'open' | 'forbidden' | 'silent' = 'open';
  const arrivals: string[] = [];
  const faults: string[] = [];
  const hearers = new Set<() => void>();
  const untilHeard = () => new Promise<void>((resolve) => hearers.add(resolve));
  const hear = () => {
    for (const resolve of hearers) resolve();
  };

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    if (state === 'forbidden') {
      response.writeHead(401).end(`you are not "${request.headers.authorization}"\n`);
      return;
    }
    if (request.method === 'POST') {
      keep(request, body);
      hear();
      if (state === 'silent') return;
    }
    response.writeHead(request.method === 'POST' ? 202 : 405).end();
  }

  function keep({ headers }: IncomingMessage, body: Buffer): void {
    const header = (name: string) => String(headers[name]);
    if (header('authorization') !== authorization) faults.push('another authorization');
    const signed = `${header('webhook-id')}.${header('webhook-timestamp')}.`;
    const signature = `v1,${createHmac('sha256', key).update(signed).update(body).digest('base64')}`;
    if (section.secret && header('webhook-signature') !== signature) faults.push('another signature');
    const text = (header('content-encoding') === 'gzip' ? gunzipSync(body) : body).toString();
    const rows =
      section.format === 'json'
        ? JSON.parse(text)
        : text
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line));
    if (String(rows.length) !== header('tailrace-rows')) faults.push('another number of rows');
    if (rows.length > 1 && text.length > Number(section.maxBytes ?? 1_000_000)) faults.push('too large');
    const path = join(folder, `${header('idempotency-key')}.${header('tailrace-table')}.json`);
    const kept = JSON.stringify(rows);
    if (!existsSync(path)) writeFileSync(path, kept);
    else if (readFileSync(path, 'utf8') !== kept) faults.push('other rows under the same key');
    if (arrivals.at(-1) !== header('tailrace-batch')) arrivals.push(header('tailrace-batch'));
  }

  const server = createServer(
    (request, response) => void take(request, response).catch((cause) => faults.push(String(cause))),
  );
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const names = () => readdirSync(folder);
  return {
    section: { ...section, url: `http://127.0.0.1:${port}/logs/?of=edge` },
    rows: async () => {
      if (faults.length > 0) throw new Error(`the receiver got ${faults.join(', ')}`);
      return tables(section).flatMap((table) =>
        names()
          .filter((name) => name.endsWith(`.${table}.json`))
          .flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
          .map((values) => ({ table, values })),
      );
    },
    traces: async () => names(),
    away: close,
    forbid: async () => {
      state = 'forbidden';
    },
    silence: () => {
      state = 'silent';
      return { heard: untilHeard() };
    },
    back: async () => {
      state = 'open';
      if (!server.listening) await listen(port);
    },
    arrivals: () => arrivals,
    moment: untilHeard,
    close,
  };
}

function tables(section: Record<string, unknown>): readonly ShippedTable[] {
  return section.tables as readonly ShippedTable[];
}
