import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findLogFormat } from '../formats/logs/catalog.ts';
import { ingestFiles } from './ingest-files.ts';
import type { StoreSink } from './open-sink.ts';
import { ScratchStore } from './test-doubles/scratch-store.ts';

let scratch: ScratchStore;
let sink: StoreSink;

beforeAll(async () => {
  scratch = await ScratchStore.open();
  sink = scratch.openSink();
});

afterAll(() => scratch?.close());

const trace = 'java.lang.IllegalStateException: no cart\n\tat a.b(C.java:1)\n\tat a.c(C.java:2)';
const text = `2026-03-01T12:00:00.000Z INFO before
2026-03-01T12:00:01.000Z ERROR failed
${trace}
2026-03-01T12:00:02.000Z INFO after
`;

const logsOf = (origin: string) =>
  scratch.store.engine.rows<{ message: string; level: string; part: string }>({
    sql: `SELECT message, level, attributes['event.part'] AS part FROM logs
          WHERE batch IN (SELECT batch FROM ledger WHERE origin = {origin:String}) ORDER BY batch, time, message`,
    params: { origin },
  });

test.each([
  ['plain', (lines: string) => Buffer.from(lines)],
  ['gzip', (lines: string) => gzipSync(lines)],
])('a trace in a %s file is one row with the line before it, and the books balance', async (name, pack) => {
  const path = scratch.file(`app-${name}.log`, pack(text));
  const [receipt] = await sink.store([{ origin: path, version: '1', content: { kind: 'file', path } }]);
  // Six lines were received, three of which continue another one.
  expect(receipt).toMatchObject({ lines: 6, rows: 3, rejected: 0, comments: 3 });
  expect(await logsOf(path)).toEqual([
    { message: '2026-03-01T12:00:00.000Z INFO before', level: 'INFO', part: '' },
    { message: `2026-03-01T12:00:01.000Z ERROR failed\n${trace}`, level: 'ERROR', part: '' },
    { message: '2026-03-01T12:00:02.000Z INFO after', level: 'INFO', part: '' },
  ]);
});

test('a file that grew in the middle of an event loses nothing of it, and says that it was torn', async () => {
  const format = findLogFormat('text');
  if (!format) throw new Error('BUG: there is no format for text');
  const named = { spoolDirectory: join(scratch.root, 'spool'), hints: { logFormat: format } };
  const end = text.indexOf('\n\tat a.c') + 1;
  const path = scratch.file('grows.log', text.slice(0, end));
  expect(await ingestFiles(scratch.store, [path], named)).toMatchObject({ lines: 4, rows: 2, comments: 2 });
  appendFileSync(path, text.slice(end));
  expect(await ingestFiles(scratch.store, [path], named)).toMatchObject({ lines: 2, rows: 2, comments: 0 });
  expect((await logsOf(path)).map(({ message, part }) => [message.split('\n').length, part])).toEqual([
    [1, ''],
    [3, ''],
    [1, ''],
    [1, 'continued'],
  ]);
});

test('what is torn between two deliveries says so; lines of many writers are left as they are', async () => {
  const end = text.indexOf('\n\tat a.c') + 1;
  const content = (from: number, until: number) =>
    ({ kind: 'lines', chunks: [Buffer.from(text.slice(from, until))] }) as const;
  await sink.store([{ origin: '/a.log', version: '1', content: { ...content(0, end), place: 'beginning' } }]);
  await sink.store([{ origin: '/a.log', version: '2', content: { ...content(end, text.length), place: 'middle' } }]);
  expect((await logsOf('/a.log')).filter(({ part }) => part !== '')).toEqual([
    { message: '\tat a.c(C.java:2)', level: '', part: 'continued' },
  ]);
  const [receipt] = await sink.store([{ origin: 'shard', version: '1', content: content(0, text.length) }]);
  expect(receipt).toMatchObject({ lines: 6, rows: 6 });
});

test('parts of lines are joined by stream, in containers and of Docker', async () => {
  const cri = (stream: string, tag: string, line: string) => `2026-03-01T12:00:00.1Z ${stream} ${tag} ${line}\n`;
  const access = '203.0.113.9 - - [01/Mar/2026:12:00:00 +0000] "GET /whole HTTP/1.1" 200 5 "-" "curl/8.0"';
  const lines =
    cri('stdout', 'P', '{"level":"warn","msg":"a very ') +
    cri('stderr', 'F', '2026-03-01T12:00:01Z ERROR failed') +
    cri('stderr', 'F', '\tat a.b(C.java:1)') +
    cri('stdout', 'F', 'long line"}') +
    cri('stdout', 'P', access.slice(0, 50)) +
    cri('stdout', 'F', access.slice(50));
  const path = scratch.file('cri.log', lines);
  const [receipt] = await sink.store([{ origin: path, version: '1', content: { kind: 'file', path } }]);
  expect(receipt).toMatchObject({ lines: 6, rows: 3, rejected: 0, comments: 3 });
  expect((await logsOf(path)).map(({ message, level }) => [message, level])).toEqual([
    ['a very long line', 'WARN'],
    ['2026-03-01T12:00:01Z ERROR failed\n\tat a.b(C.java:1)', 'ERROR'],
  ]);
  expect(await scratch.storedRows(path)).toBe(1);

  const docker = (log: string) => `${JSON.stringify({ log, stream: 'stdout', time: '2026-03-01T12:00:00.1Z' })}\n`;
  const other = scratch.file(
    'docker.log',
    docker('{"msg":"in ') + docker('parts"}\n') + docker('ERROR x\n') + docker('\tat y\n'),
  );
  const [second] = await sink.store([{ origin: other, version: '1', content: { kind: 'file', path: other } }]);
  expect(second).toMatchObject({ lines: 4, rows: 2, rejected: 0, comments: 2 });
  expect((await logsOf(other)).map(({ message }) => message).sort()).toEqual(['ERROR x\n\tat y', 'in parts']);
});
