import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { setUpIntakeServer } from '../../server/test-doubles/intake-server.ts';

const target = setUpIntakeServer();
const { post } = target;

describe('/ingest/ndjson', () => {
  it('says what became of the lines', async () => {
    const answer = await post('/ingest/ndjson?group=g&service=s&host=h&stream=t&other=1', '{"a":1}\n\nREJECT me\n');
    expect(await answer.json()).toEqual({
      known: false,
      lines: 3,
      rows: 1,
      rejected: 1,
      comments: 1,
      excluded: 0,
      guarantee: 'at-least-once',
    });
    expect(target.sink.stored[0]).toMatchObject({
      origin: 'ndjson:g/s/h/t',
      context: { group: 'g', service: 's', host: 'h', stream: 't', arrivedAtMs: expect.any(Number) },
    });
    expect(target.server.intakeCounts.ndjson).toMatchObject({ requests: 1, lines: 3, rejected: 1 });
  });

  it('stores a request with an Idempotency-Key once, and others each time', async () => {
    const key = { 'idempotency-key': '"one"' };
    expect(await (await post('/ingest/ndjson', 'a', key)).json()).toMatchObject({
      known: false,
      guarantee: 'exactly-once',
    });
    expect(await (await post('/ingest/ndjson', 'a', key)).json()).toMatchObject({ known: true, lines: 1 });
    await post('/ingest/ndjson', 'b');
    await post('/ingest/ndjson', 'b');
    expect(target.sink.lines).toEqual(['a', 'b', 'b']);
    expect((await post('/ingest/ndjson', 'a', { 'idempotency-key': 'x'.repeat(300) })).status).toBe(400);
  });

  it('takes a file as it lies there: gzip of gzip, UTF-16, lines that end in carriage returns', async () => {
    for (const body of [gzipSync(gzipSync('a\nb\n')), Buffer.from('\uFEFFa\r\nb', 'utf16le'), 'a\rb\r']) {
      expect(await (await post('/ingest/ndjson', body)).json()).toMatchObject({ lines: 2 });
      expect(target.sink.lines.splice(0).map((line) => line.trim())).toEqual(['a', 'b']);
    }
    expect((await post('/ingest/ndjson', gzipSync('a').subarray(0, -5))).status).toBe(400);
    expect((await post('/ingest/ndjson', gzipSync(Buffer.alloc(101 * 1024 * 1024, 'x\n')))).status).toBe(413);
    expect((await post('/ingest/ndjson', 'a')).status).toBe(200);
  });

  it('takes nothing for nothing, and no query that is no name', async () => {
    expect(await (await post('/ingest/ndjson', '')).json()).toMatchObject({ lines: 0, known: false });
    expect((await post('/ingest/ndjson?group=a&group=b', 'x')).status).toBe(400);
    expect(target.sink.calls).toEqual([]);
  });
});
