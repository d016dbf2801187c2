import { randomBytes } from 'node:crypto';
import { readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../engine/engine.ts';
import { EngineError } from '../engine/engine-error.ts';
import { lookAtFile, noOddLines } from '../framing/files/odd-lines.ts';
import { keptLineBytes, maxLineBytes, tooLongReason } from '../schema/line-bound.ts';
import type { Delivery } from '../sources/source.ts';
import { ingestFiles } from './ingest-files.ts';
import { openSink, type StoreSink } from './open-sink.ts';
import { header, lines, ScratchStore } from './test-doubles/scratch-store.ts';

let scratch: ScratchStore;
let sink: StoreSink;

beforeAll(async () => {
  scratch = await ScratchStore.open();
  sink = scratch.openSink();
});

afterAll(() => scratch?.close());

const ingest = (path: string) => {
  const { store, spoolDirectory } = scratch;
  return ingestFiles(store, [path], { spoolDirectory });
};

function rejectsOf(origin: string) {
  return scratch.store.engine.rows<{ number: number; reason: string; size: number; start: string }>({
    sql: `SELECT line_number AS number, reason, length(line) AS size, substring(line, 1, 3) AS start
          FROM rejects WHERE origin = {origin:String} ORDER BY number`,
    params: { origin },
  });
}

const before = header + lines(1, 'before');
const after = lines(1, 'after');
const long = (bytes: number) => Buffer.alloc(bytes, 'x');
const random = () => Buffer.from(randomBytes(5 * 1024 * 1024).toString('hex'));

/** Stored as a sparse file. */
function sparse(name: string, bytes: number): string {
  const path = scratch.file(name, before);
  truncateSync(path, before.length + bytes);
  writeFileSync(path, `\n${after}`, { flag: 'a' });
  return path;
}

describe('a line that is too long is a reject of which the beginning is kept', () => {
  test.each<[string, () => string, string]>([
    [
      'in a file',
      () => scratch.file('a.log', Buffer.concat([Buffer.from(before), long(50_000_000), Buffer.from(`\n${after}`)])),
      'xxx',
    ],
    [
      'in a gzip',
      () =>
        scratch.file(
          'a.gz',
          gzipSync(Buffer.concat([Buffer.from(before), long(50_000_000), Buffer.from(`\n${after}`)])),
        ),
      'xxx',
    ],
    [
      'that nothing about its gzip tells',
      () => scratch.file('b.gz', gzipSync(Buffer.concat([Buffer.from(before), random(), Buffer.from(`\n${after}`)]))),
      '',
    ],
    ['that is a hole', () => sparse('hole.log', 1_000_000_000), '\0\0\0'],
    [
      'by one byte',
      () =>
        scratch.file('c.log', Buffer.concat([Buffer.from(before), long(maxLineBytes + 1), Buffer.from(`\n${after}`)])),
      'xxx',
    ],
  ])('%s', async (_name, make, start) => {
    const path = make();
    expect(await ingest(path)).toMatchObject({ lines: 5, rows: 2, rejected: 1, comments: 2, failed: [] });
    const [reject, ...others] = await rejectsOf(path);
    expect(reject).toMatchObject({ number: 4, reason: tooLongReason, size: keptLineBytes });
    if (start !== '') expect(reject?.start).toBe(start);
    expect(others).toEqual([]);
    expect(await scratch.ledgerOf(path)).toMatchObject([{ lines: 5, bytes: statSync(path).size }]);
    expect(await ingest(path)).toMatchObject({ known: 1, rows: 0 });
    // Copies are gone.
    expect(() => readdirSync(scratch.spoolDirectory)).toThrow(/ENOENT/);
  });

  test('and a line of just that length is kept whole, for another reason', async () => {
    const path = scratch.file(
      'd.log',
      Buffer.concat([Buffer.from(before), long(maxLineBytes), Buffer.from(`\n${after}`)]),
    );
    expect(await ingest(path)).toMatchObject({ rows: 2, rejected: 1 });
    expect(await rejectsOf(path)).toMatchObject([
      { number: 4, size: maxLineBytes, reason: expect.stringMatching(/too few/) },
    ]);
  });

  test('also when the last line has no newline, and in a file that grew', async () => {
    const path = scratch.file('e.log', before);
    await ingest(path);
    writeFileSync(path, Buffer.concat([long(9_000_000), Buffer.from(`\n${after}`), long(9_000_000)]), { flag: 'a' });
    expect(await ingest(path)).toMatchObject({ lines: 3, rows: 1, rejected: 2 });
    expect(await rejectsOf(path)).toMatchObject([{ number: 4 }, { number: 6 }]);
  });

  test('however it is delivered, also where no layout is known', async () => {
    const chunks = [
      Buffer.from('{"message":"one"}\n{"message":"'),
      long(30_000_000),
      Buffer.from('"}\n{"message":"two"}\n'),
    ];
    const binary = scratch.file('binary.gz', gzipSync(Buffer.concat([randomBytes(300), Buffer.alloc(20_000_000)])));
    const deliveries: Delivery[] = [
      { origin: 'ndjson:x', version: '1', content: { kind: 'lines', chunks } },
      {
        origin: 'file:x',
        version: '1',
        content: { kind: 'file', path: scratch.file('f.gz', gzipSync(Buffer.concat(chunks))) },
      },
      { origin: 'binary:x', version: '1', content: { kind: 'file', path: binary } },
    ];
    const receipts = await sink.store(deliveries);
    expect(receipts.slice(0, 2)).toMatchObject([
      { lines: 3, rows: 2, rejected: 1 },
      { lines: 3, rows: 2, rejected: 1 },
    ]);
    for (const origin of ['ndjson:x', 'file:x', 'binary:x']) {
      expect(
        (await rejectsOf(origin)).filter(({ reason }) => reason === tooLongReason),
        origin,
      ).toMatchObject([{ size: keptLineBytes }]);
    }
    expect(receipts[2]?.rows).toBe(0);
  });

  test('and found where memory runs out, when nothing told before', async () => {
    const content = Buffer.concat([Buffer.from(before), random(), Buffer.from(`\n${after}`)]);
    const path = scratch.file('g.gz', gzipSync(content));
    expect(
      await ingestFiles({ ...scratch.store, engine: withLittleMemory(scratch.store.engine) }, [path], {
        spoolDirectory: scratch.spoolDirectory,
      }),
    ).toMatchObject({
      rows: 2,
      rejected: 1,
      failed: [],
    });
    const small = openSink(
      { ...scratch.store, engine: withLittleMemory(scratch.store.engine) },
      { spoolDirectory: join(scratch.root, 'store', 'spool', 'small') },
    );
    const other = scratch.file('h.gz', gzipSync(content));
    expect(await small.store([{ origin: 'h', version: '1', content: { kind: 'file', path: other } }])).toMatchObject([
      { rows: 2, rejected: 1 },
    ]);
    await small.close();
  });
});

/** An engine that runs out of memory on the lines of a gzip file. */
function withLittleMemory(engine: Engine): Engine {
  const insertFrom: Engine['insertFrom'] = (input, statement) =>
    input.files.some(({ gzip }) => gzip)
      ? Promise.reject(
          new EngineError('TAILRACE_QUERY_LIMIT', 'cannot finish the query: memory', { clickhouseCode: 241 }),
        )
      : engine.insertFrom(input, statement);
  return new Proxy(engine, {
    get: (target, name) => {
      const value: unknown = name === 'insertFrom' ? insertFrom : Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

describe('blank lines are comments, and cost next to nothing', () => {
  const blank = '\n'.repeat(400_000) + '\r\n'.repeat(400_000);

  test.each<[string, (text: string) => string]>([
    ['in a file', (text) => scratch.file('blank.log', text)],
    ['in a gzip', (text) => scratch.file('blank.gz', gzipSync(text))],
  ])('%s', async (_name, make) => {
    const path = make(`${before}${blank}no line of this format\n${after}`);
    expect(await ingest(path)).toMatchObject({ lines: 800_005, rows: 2, rejected: 1, comments: 800_002, failed: [] });
    expect(await rejectsOf(path)).toMatchObject([{ number: 800_004 }]);
  });

  test('that are delivered, as text and without a layout', async () => {
    const of = (origin: string, text: string): Delivery => ({
      origin,
      version: '1',
      content: { kind: 'lines', chunks: [Buffer.from(text)] },
    });
    const receipts = await sink.store([
      of('blank:1', `{"message":"x"}\n${blank}`),
      of('blank:2', blank),
      of('blank:3', 'a\n\n\n'),
    ]);
    expect(receipts).toMatchObject([
      { lines: 800_001, rows: 1, comments: 800_000 },
      { lines: 800_000, rows: 0, comments: 800_000 },
      { lines: 3, rows: 1, comments: 2 },
    ]);
  });
});

test('a file of usual lines is looked at in a few places only, and nothing is found', async () => {
  const text = before + lines(200_000, 'usual');
  const plain = scratch.file('usual.log', text);
  const file = {
    path: plain,
    bytes: text.length,
    content: 'plain' as const,
    modifiedMs: 0,
    version: '',
    complete: false,
    statedBytes: text.length,
  };
  expect(await lookAtFile(file, false)).toEqual(noOddLines);
});
