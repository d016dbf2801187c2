import { appendFileSync, statSync, truncateSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../engine/engine.ts';
import type { Store } from '../store/open-store.ts';
import { ingestFiles } from './ingest-files.ts';
import { header, lines, ScratchStore } from './test-doubles/scratch-store.ts';

let scratch: ScratchStore;
let store: Store;
const folder = () => scratch.folder();
const file: ScratchStore['file'] = (...args) => scratch.file(...args);
const storedRows = (path: string) => scratch.storedRows(path);
const ledgerOf = (path: string) => scratch.ledgerOf(path);

beforeAll(async () => {
  scratch = await ScratchStore.open();
  ({ store } = scratch);
});

afterAll(() => scratch?.close());

async function leftovers(): Promise<number> {
  const [row] = await store.engine.rows<{ count: number }>({
    sql: `SELECT (SELECT count() FROM plans WHERE batch NOT IN (SELECT batch FROM ledger))
               + (SELECT count() FROM requests WHERE batch NOT IN (SELECT batch FROM ledger))
               + (SELECT count() FROM rejects WHERE batch NOT IN (SELECT batch FROM ledger)) AS count`,
  });
  return row?.count ?? -1;
}

describe('files that are not what they should be', () => {
  const bad = {
    'a truncated gzip': gzipSync(header + lines(3000)).subarray(0, -500),
    'a gzip with a damaged middle': damaged(gzipSync(header + lines(3000))),
    'a gzip with a wrong checksum': damaged(gzipSync(header + lines(3)), -8),
    'a binary file': Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256)),
    'a zip archive': Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.alloc(100)]),
    'a broken Parquet file': Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(100), Buffer.from('PAR1')]),
  };

  test.each(Object.entries(bad))(
    '%s fails with an explanation; the others of the batch are stored',
    async (_, content) => {
      const inside = folder();
      const paths = [
        file('1.log', header + lines(2), inside),
        file('2.log', content, inside),
        file('3.log', header + lines(3), inside),
      ];
      const result = await ingestFiles(store, paths);
      expect(result.failed).toEqual([{ path: paths[1], problem: expect.stringMatching(/.{20}/) }]);
      expect(result).toMatchObject({ files: 2, rows: 5, lines: 9, comments: 4 });
      expect(await ledgerOf(paths[1] as string)).toEqual([]);
      expect(await leftovers()).toBe(0);
    },
  );

  test.each([
    ['plain', Buffer.alloc(0)],
    ['gzip', gzipSync('')],
  ])('an empty file (%s) is no failure', async (_, content) => {
    const inside = folder();
    const result = await ingestFiles(store, [file('1.log', header + lines(2), inside), file('2.log', content, inside)]);
    expect(result).toMatchObject({ files: 2, rows: 2, failed: [] });
  });

  test('300 small files with a broken one in the middle: the books of each are in the ledger', async () => {
    const inside = folder();
    const paths = Array.from({ length: 300 }, (_, index) =>
      file(
        `${1000 + index}.gz`,
        index === 150 ? (bad['a truncated gzip'] as Buffer) : gzipSync(header + lines(index % 7, `f${index}`)),
        inside,
      ),
    );
    const result = await ingestFiles(store, paths);
    const expected = paths.map((_, index) => index % 7).filter((_, index) => index !== 150);
    const rows = expected.reduce((sum, count) => sum + count, 0);
    expect(result.failed.map(({ path }) => path)).toEqual([paths[150]]);
    expect(result).toMatchObject({ files: 299, rows, comments: 598, lines: rows + 598, rejected: 0 });
    const ledger = await store.engine.rows<{ rows: number }>({
      sql: 'SELECT rows FROM ledger WHERE startsWith(origin, {inside:String}) ORDER BY origin',
      params: { inside: `${inside}/` },
    });
    expect(ledger.map((entry) => entry.rows)).toEqual(expected);
    expect(await ingestFiles(store, paths)).toMatchObject({ known: 299, rows: 0 });
  });
});

describe('files that change while they are read', () => {
  test('one that is appended to is read again, and stored once', async () => {
    const path = file('live.log', header + lines(3));
    const others = [file('other.log', header + lines(2))];
    const engine = meddling(store.engine, () => appendFileSync(path, lines(2, 'meanwhile')));
    const result = await ingestFiles({ ...store, engine, refresh: () => store.refresh() }, [path, ...others]);
    expect(result).toMatchObject({ files: 2, rows: 7, failed: [] });
    expect(await storedRows(path)).toBe(5);
    expect(await leftovers()).toBe(0);
    expect(await ingestFiles(store, [path])).toMatchObject({ known: 1 });
  });

  test('one that is cut off is read again as it is then', async () => {
    const path = file('rotated.log', header + lines(30));
    const engine = meddling(store.engine, () => truncateSync(path, Buffer.byteLength(header + lines(3))));
    const result = await ingestFiles({ ...store, engine, refresh: () => store.refresh() }, [path]);
    expect(result.rows + result.failed.length).toBeGreaterThan(0);
    expect(await storedRows(path)).toBe(result.rows);
    expect(await leftovers()).toBe(0);
  });

  test('one that never rests fails with advice, and nothing of it is stored', async () => {
    const path = file('restless.log', header + lines(3));
    const engine = meddling(store.engine, () => appendFileSync(path, lines(1, `at-${statSync(path).size}`)), 1000);
    const result = await ingestFiles({ ...store, engine, refresh: () => store.refresh() }, [path]);
    expect(result.failed).toEqual([{ path, problem: expect.stringContaining('chang') }]);
    expect(await storedRows(path)).toBe(0);
    expect(await leftovers()).toBe(0);
  });
});

/** Wraps the engine so that something happens to the files during its first inserts from files. */
function meddling(engine: Engine, meddle: () => void, times = 1): Engine {
  let left = times;
  return new Proxy(engine, {
    get(target, name) {
      if (name === 'insertFrom') {
        return (...args: Parameters<Engine['insertFrom']>) => {
          const [input, statement] = args;
          return target.insertFrom(input, (source) => {
            if (left-- > 0) meddle();
            return statement(source);
          });
        };
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function damaged(gzip: Buffer, at = gzip.length >> 1): Buffer {
  const copy = Buffer.from(gzip);
  const position = at < 0 ? copy.length + at : at;
  for (let index = 0; index < 4; index++) copy[position + index] = (copy[position + index] ?? 0) ^ 0xff;
  return copy;
}
