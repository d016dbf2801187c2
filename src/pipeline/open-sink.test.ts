import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyPreparedStore } from '../../test/prepared-store.ts';
import { cloudfrontRealtime } from '../formats/cloudfront-realtime/format.ts';
import { recoverBatches } from '../ledger/recover-batches.ts';
import type { Delivery } from '../sources/source.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { openSink, type StoreSink } from './open-sink.ts';

const columns = ['timestamp', 'c-ip', 'sc-status', 'sc-bytes', 'cs-method', 'cs-host', 'cs-uri-stem'];

let directory: string;
let store: Store;
let sink: StoreSink;
const told: string[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tailrace-sink-'));
  store = await openStore({ directory: copyPreparedStore(join(directory, 'store')) });
  sink = openSink(store, {
    hints: { format: cloudfrontRealtime, columns },
    spoolDirectory: join(directory, 'spool'),
    onEvent: (text) => told.push(text),
  });
});

afterAll(async () => {
  await sink.close();
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

function line(number: number): string {
  return `1700000000.${String(number % 1000).padStart(3, '0')}\t192.0.2.${number % 250}\t200\t${number}\tGET\texample.org\t/${number}\n`;
}

function delivery(origin: string, version: string, text: string): Delivery {
  return { origin, version, content: { kind: 'lines', chunks: [Buffer.from(text)] } };
}

async function count(table: string, where: string): Promise<number> {
  const [row] = await store.engine.rows<{ count: number }>({
    sql: `SELECT count() AS count FROM ${table} WHERE ${where}`,
  });
  return row?.count ?? -1;
}

test('lines are stored, and the receipt balances', async () => {
  const text = `${line(1)}${line(2)}not a line of that format\n\n`;
  const [receipt] = await sink.store([delivery('kinesis://s/shardId-0', '1-4', text)]);
  expect(receipt).toEqual({ known: false, lines: 4, rows: 2, rejected: 1, comments: 1, excluded: 0 });
  expect(await count('requests', "path IN ('/1', '/2')")).toBe(2);
  expect(await count('rejects', "line = 'not a line of that format' AND origin = 'kinesis://s/shardId-0'")).toBe(1);
});

test('what was delivered before is known, also within one call and at the same time', async () => {
  const one = delivery('http://x', 'a', line(10));
  const other = delivery('http://x', 'b', line(11));
  await sink.store([one]);
  const [again, fresh] = await sink.store([one, other]);
  expect(again?.known).toBe(true);
  expect(fresh).toMatchObject({ known: false, rows: 1 });
  const twin = delivery('http://x', 'c', line(12));
  const receipts = (await Promise.all([sink.store([twin]), sink.store([twin])])).flat();
  expect(receipts.map(({ known }) => known).sort()).toEqual([false, true]);
  expect(await count('requests', "path IN ('/10', '/11', '/12')")).toBe(3);
});

test('calls that come at the same time share batches', async () => {
  const before = sink.counts.batches;
  const calls = Array.from({ length: 40 }, (_, n) => sink.store([delivery('http://y', `${n}`, line(100 + n))]));
  const receipts = (await Promise.all(calls)).flat();
  expect(receipts.every(({ rows }) => rows === 1)).toBe(true);
  expect(sink.counts.batches - before).toBeLessThan(6);
  expect(await sink.lastStored('http://y')).toEqual(new Map([['http://y', expect.any(String)]]));
  expect(sink.pressure()).toEqual({ waitingBytes: 0, full: false });
});

describe('a call that commits elsewhere', () => {
  const origin = 'kinesis://leased/shardId-1';

  test('is taken back when that fails, and the caller is told why', async () => {
    const commit = () => Promise.reject(new Error('the lease is lost'));
    await expect(sink.store([delivery(origin, '1-1', line(200))], { commit })).rejects.toThrow('the lease is lost');
    expect(await count('requests', "path = '/200'")).toBe(0);
    expect(await sink.lastStored(origin)).toEqual(new Map());
  });

  test('is stored when it succeeds', async () => {
    const committed: string[] = [];
    await sink.store([delivery(origin, '1-1', line(201))], { commit: async (batch) => void committed.push(batch) });
    expect(await count('ledger', `origin = '${origin}' AND batch = ${committed[0]}`)).toBe(1);
  });

  test('and whose worker dies is ended by the one who settles', async () => {
    const died = new Error('killed here');
    const batches: string[] = [];
    // Plan and rows of two batches that are never closed: one committed, one not.
    for (const version of ['2-2', '3-3']) {
      const dying = openSink(
        { ...store, engine: dyingBeforeLedger(store, died) },
        { hints: { format: cloudfrontRealtime, columns }, spoolDirectory: join(directory, `dying-${version}`) },
      );
      const commit = async (batch: string) => {
        batches.push(batch);
      };
      dying.store([delivery(origin, version, line(Number(version[0]) + 300))], { commit }).catch(() => {});
      await expect.poll(() => batches.length).toBe(version === '2-2' ? 1 : 2);
      await dying.close();
    }
    await recoverBatches(store.engine);
    expect(await count('requests', "path IN ('/302', '/303')")).toBe(2);
    await sink.settle(await sink.unfinished([origin]), batches.slice(0, 1));
    expect(await count('requests', "path = '/302'")).toBe(1);
    expect(await count('requests', "path = '/303'")).toBe(0);
    expect(await count('ledger', `batch = ${batches[0]} AND rows = 1`)).toBe(1);
    expect((await sink.lastStored(origin)).get(origin)).toBe('2-2');
  });
});

test('bytes that are no log become rejects, and the next call goes on', async () => {
  const bytes = Buffer.from([0, 1, 2, 10, 255, 254, 10]);
  const [odd] = await sink.store([{ origin: 'http://odd', version: '1', content: { kind: 'lines', chunks: [bytes] } }]);
  expect(odd).toMatchObject({ lines: 2, rows: 0, rejected: 2 });
  const [fine] = await sink.store([delivery('http://odd', '2', line(400))]);
  expect(fine).toMatchObject({ rows: 1 });
});

test('a file is stored as it lies there; an archive stays where it came from, and the books say why', async () => {
  const path = join(directory, 'object.gz');
  writeFileSync(path, gzipSync(`${line(500)}${line(501)}`));
  const [stored] = await sink.store([{ origin: 's3://b/k.gz', version: 'etag', content: { kind: 'file', path } }]);
  expect(stored).toMatchObject({ lines: 2, rows: 2 });
  const archive = join(directory, 'object.zip');
  writeFileSync(archive, Buffer.from('504b0304ffff0a', 'hex'));
  const [refused] = await sink.store([
    { origin: 's3://b/k.zip', version: 'etag', content: { kind: 'file', path: archive } },
  ]);
  expect(refused).toEqual({ known: false, lines: 0, rows: 0, rejected: 0, comments: 0, excluded: 0 });
  await expect.poll(() => told.join('\n')).toContain('object_refused: s3://b/k.zip: it is a zip archive');
});

test('what waits is counted in real bytes, those of files too', async () => {
  const path = join(directory, 'counted.log');
  writeFileSync(path, line(700));
  const stored = sink.store([
    delivery('http://counted', '1', line(701)),
    { origin: 's3://b/counted.log', version: 'etag', content: { kind: 'file', path } },
  ]);
  expect(sink.pressure()).toEqual({ waitingBytes: line(700).length + line(701).length, full: false });
  await stored;
  expect(sink.pressure()).toEqual({ waitingBytes: 0, full: false });
});

test('what has no bytes is remembered, and nothing is told of it', async () => {
  const events = () => count('events', "origin = 'kinesis://s/shardId-9'");
  const [receipt] = await sink.store([delivery('kinesis://s/shardId-9', '1-SHARD_END', '')]);
  expect(receipt).toEqual({ known: false, lines: 0, rows: 0, rejected: 0, comments: 0, excluded: 0 });
  expect((await sink.lastStored('kinesis://s/shardId-9')).get('kinesis://s/shardId-9')).toBe('1-SHARD_END');
  await sink.store([delivery('kinesis://s/shardId-9', '2-2', line(600))]);
  expect(await events()).toBe(0);
});

test('a header is sent once, and holds for what follows it after a restart too', async () => {
  const header = '#Version: 1.0\n#Fields: date time sc-status cs-uri-stem c-ip sc-bytes cs-method\n';
  const row = (path: string) => `2023-11-14\t22:13:20\t404\t${path}\t192.0.2.1\t10\tGET\n`;
  for (const [version, text] of [
    ['a:0-1', header + row('/first')],
    ['a:1-2', row('/second')],
  ] as const) {
    const open = openSink(store, { spoolDirectory: join(directory, 'restarted') });
    await open.store([delivery('/var/log/edge.log', version, text)]);
    await open.close();
  }
  expect(await count('requests', "path IN ('/first', '/second') AND status = 404")).toBe(2);
});

test('a stream of access logs does not become text for some odd lines, and its columns are not forgotten', async () => {
  const open = openSink(store, { spoolDirectory: join(directory, 'odd-lines') });
  const header = '#Version: 1.0\n#Fields: date time sc-status cs-uri-stem\n';
  const row = (path: string) => `2023-11-14\t22:13:20\t404\t${path}\n`;
  const texts = [header + row('/before'), 'something else\nand more\n', row('/after')];
  const receipts = [];
  for (const [index, text] of texts.entries()) {
    receipts.push(...(await open.store([delivery('/var/log/odd.log', `b:${index}`, text)])));
  }
  expect(receipts).toMatchObject([{ rows: 1 }, { rows: 0, rejected: 2 }, { rows: 1 }]);
  expect(await count('requests', "path IN ('/before', '/after')")).toBe(2);
  await open.close();
});

test('lines with values too many are not read as if their columns were others than those of the header', async () => {
  const open = openSink(store, { spoolDirectory: join(directory, 'too-many') });
  const header =
    '#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status\n';
  const row = '2023-11-14\t22:13:20\tFRA56-P4\t100\t203.0.113.7\tGET\td1.cloudfront.net\t/too-many\t200';
  const longer =
    '#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer)\n';
  const texts = [`${header}${row}\n`, `${row}\textra\tmore\n`, `${longer}${row}\thttps://www.example.com/\n`];
  const receipts = [];
  for (const [index, text] of texts.entries()) {
    receipts.push(...(await open.store([delivery('/var/log/too-many.log', `c:${index}`, text)])));
  }
  expect(receipts).toMatchObject([{ rows: 1 }, { rows: 0, rejected: 1 }, { rows: 1 }]);
  expect(await count('requests', "path = '/too-many' AND referer IN ('', 'https://www.example.com/')")).toBe(2);
  await open.close();
});

test('log groups that share a stream are read each by its own layout', async () => {
  const open = openSink(store, { spoolDirectory: join(directory, 'open') });
  const envelope = (logGroup: string, messages: readonly string[]) =>
    `${JSON.stringify({
      messageType: 'DATA_MESSAGE',
      owner: '111122223333',
      logGroup,
      logStream: 'one',
      subscriptionFilters: ['all'],
      logEvents: messages.map((message, id) => ({ id: `${id}`, timestamp: 1_700_000_000_000 + id, message })),
    })}\n`;
  const access = {
    ...{ date: '2023-11-14', time: '22:13:20', 'x-edge-location': 'FRA56-P4', 'sc-bytes': '10', 'c-ip': '192.0.2.1' },
    ...{ 'cs-method': 'GET', 'cs(Host)': 'd1.cloudfront.net', 'cs-uri-stem': '/enveloped', 'sc-status': '200' },
  };
  const text =
    envelope('/aws/lambda/shop', ['START RequestId: 8b6a Version: $LATEST\n', 'hello\nworld']) +
    envelope('edge', [JSON.stringify(access)]);
  const [receipt] = await open.store([
    { origin: 'kinesis://cwl/shardId-0', version: '1-2', content: { kind: 'cloudwatch', chunks: [Buffer.from(text)] } },
  ]);
  expect(receipt).toEqual({ known: false, lines: 3, rows: 3, rejected: 0, comments: 0, excluded: 0 });
  expect(await count('requests', "path = '/enveloped' AND status = 200")).toBe(1);
  expect(await count('logs', "group = '/aws/lambda/shop' AND stream = 'one'")).toBe(2);
  expect(await count('logs', "message = 'hello\nworld' AND event_id = '1'")).toBe(1);
  await open.close();
});

/** An engine that never writes the ledger, as if the process were killed right before it. */
function dyingBeforeLedger({ engine }: Store, died: Error): Store['engine'] {
  return new Proxy(engine, {
    get(target, name) {
      if (name === 'run') {
        return (statement: { sql: string }) =>
          statement.sql.includes('INSERT INTO ledger') ? Promise.reject(died) : target.run(statement);
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
