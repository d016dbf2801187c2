import { afterAll, beforeAll, expect, test } from 'vitest';
import { compileBatchInsert, isColumnLayout, isRefused } from '../layouts/batch-layout.ts';
import { inspectInput } from '../layouts/inspect-input.ts';
import { engineInput } from './engine-input.ts';
import { findSegments } from './find-segments.ts';
import { ingestFiles } from './ingest-files.ts';
import { header, lines, ScratchStore } from './test-doubles/scratch-store.ts';

let scratch: ScratchStore;
beforeAll(async () => {
  scratch = await ScratchStore.open();
});
afterAll(() => scratch?.close());

const swapped = header.replace('sc-bytes', 'cs-bytes');

/** Number of statements with which the engine read the file. */
async function countReads(work: () => Promise<unknown>): Promise<number> {
  const { engine } = scratch.store;
  const counted = new Proxy(engine, {
    get(target, name) {
      const value = Reflect.get(target, name, target) as unknown;
      if (name === 'insertFrom') reads++;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  let reads = 0;
  const { store } = scratch;
  Object.assign(scratch, { store: { ...store, engine: counted } });
  await work().finally(() => Object.assign(scratch, { store }));
  return reads;
}

test('a file that was joined of many is read as often as its columns change', async () => {
  const parts = Array.from({ length: 300 }, (_, number) => header + lines(1, `${number}`));
  const path = scratch.file('joined.log', [...parts, swapped + lines(1, 'last')].join(''));
  const reads = await countReads(() => ingestFiles(scratch.store, [path]));
  // Once as a whole, whose columns turn out to change; once for its headers; and for each of the three segments.
  expect(reads).toBeLessThanOrEqual(5);
  expect(await scratch.ledgerOf(path)).toMatchObject([{ lines: 903, rows: 301, comments: 602, rejected: 0 }]);
});

test('what follows too many changes of columns is refused, and kept as rejects', async () => {
  const parts = Array.from({ length: 102 }, (_, n) => (n % 2 ? header : swapped) + lines(1, `${n}`));
  const path = scratch.file('changing.log', parts.join(''));
  const { file, layout } = await inspectInput(path, {});
  if (!isColumnLayout(layout)) throw new Error('BUG: the file has columns');
  const { engine } = scratch.store;
  const input = { file, layout, origin: path, version: '1', fromLine: 0 };
  const segments = await findSegments(engine, input, { batch: '1', object: 1 });
  const refused = segments.flatMap((segment) => (isRefused(segment.layout) ? [segment] : []));
  // The line before the first header is a segment of its own.
  expect(segments).toHaveLength(102);
  expect(refused).toEqual([
    {
      layout: { refused: 'the columns change more than 100 times in this file; cut it at its header lines' },
      from: 301,
      until: Number.MAX_SAFE_INTEGER,
    },
  ]);
  const [last] = refused;
  if (!last) return;
  const origin = { batch: '1', origins: [path], filenames: [''], distributions: [''] };
  const where = { ...origin, groups: [], streams: [], services: [], hosts: [], arrivedAtMs: [], window: last };
  await engine.insertFrom(engineInput(layout, [input]), (source) => compileBatchInsert(last.layout, where, source));
  const rejects = await engine.rows<{ number: number }>({
    sql: 'SELECT line_number AS number FROM rejects WHERE origin = {path:String} ORDER BY number',
    params: { path },
  });
  expect(rejects.map(({ number }) => number)).toEqual([302, 303, 304, 305, 306]);
});

test('each of several joined files in a batch has the columns of its own headers', async () => {
  const folder = scratch.folder();
  const paths = [1, 3, 5].map((count, place) =>
    scratch.file(`joined-${place}.log`, header + lines(count, `b${place}`) + swapped + lines(2, `a${place}`), folder),
  );
  await ingestFiles(scratch.store, paths);
  const rows = await scratch.store.engine.rows<{ batches: number; path: string; sent: number; received: number }>({
    sql: `
      SELECT path, bytes_sent AS sent, bytes_received AS received, uniq(batch) OVER () AS batches
      FROM requests WHERE match(path, '^/[ab][0-2]/') ORDER BY path`,
  });
  expect(rows).toHaveLength(15);
  expect(rows[0]?.batches).toBe(1);
  for (const { path, sent, received } of rows) {
    const bytes = 100 + Number(path.slice(path.lastIndexOf('/') + 1));
    expect({ path, sent, received }).toEqual(
      path.startsWith('/b') ? { path, sent: bytes, received: 0 } : { path, sent: 0, received: bytes },
    );
  }
});

test('events of one envelope are not read under the header of others: what changes its columns there is kept as rejects', async () => {
  const event = (message: string, id: number) => ({ id: `${id}`, timestamp: 1772359200000 + id, message });
  const messages = (header + lines(2, 'one') + swapped + lines(2, 'other')).trimEnd().split('\n');
  const envelope = {
    messageType: 'DATA_MESSAGE',
    owner: '111122223333',
    logGroup: '/g',
    logStream: 's',
    subscriptionFilters: ['f'],
    logEvents: messages.map(event),
  };
  const path = scratch.file('envelopes.log', `${JSON.stringify(envelope)}\n`);
  await ingestFiles(scratch.store, [path]);
  expect(await scratch.ledgerOf(path)).toMatchObject([{ rows: 0, rejected: 1 }]);
});
