import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { setUpIntakeServer } from '../../server/test-doubles/intake-server.ts';

const target = setUpIntakeServer();
const { post } = target;

describe('bodies', () => {
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'nonsense', ';', ''])(
    'are taken under the type "%s"',
    async (type) => {
      expect((await post('/ingest/ndjson', 'a line', { 'content-type': type })).status).toBe(200);
      expect(target.sink.lines).toEqual(['a line']);
    },
  );

  it('are taken chunked, in single bytes, inflated', async () => {
    const bytes = gzipSync('a line\nand another');
    await new Promise((resolve, reject) => {
      const request = httpRequest(`${target.url}/ingest/ndjson`, {
        method: 'POST',
        headers: { 'content-encoding': 'gzip' },
      });
      request.on('response', (response) => response.resume().on('end', resolve)).on('error', reject);
      for (const byte of bytes) request.write(Uint8Array.of(byte));
      request.end();
    });
    expect(target.sink.lines).toEqual(['a line', 'and another']);
  });

  it('that inflate to more than the limit are refused', async () => {
    const bomb = gzipSync(Buffer.alloc(101 * 1024 * 1024));
    expect((await post('/ingest/ndjson', bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
    expect(target.sink.calls).toEqual([]);
  });

  it('of gzip and zeros without end are refused', async () => {
    const filled = Buffer.concat([gzipSync('a line'), Buffer.alloc(101 * 1024 * 1024)]);
    async function* pieces() {
      for (let at = 0; at < filled.length; at += 1024 * 1024) yield filled.subarray(at, at + 1024 * 1024);
    }
    const answer = await fetch(`${target.url}/ingest/ndjson`, {
      method: 'POST',
      headers: { 'content-encoding': 'gzip' },
      body: pieces(),
      duplex: 'half',
    } as unknown as RequestInit);
    expect(answer.status).toBe(413);
    expect(target.sink.calls).toEqual([]);
  });

  it.each([
    ['of a stated length', `Content-Length: ${110 * 1024 * 1024}`, '', '', ''],
    ['in chunks', 'Transfer-Encoding: chunked', '100000\r\n', '\r\n', '0\r\n\r\n'],
  ])('over the limit, %s, are refused on a connection that lives on', async (_name, header, before, after, end) => {
    const socket = connect(target.port, '127.0.0.1');
    let answers = '';
    socket.on('data', (data) => (answers += String(data)));
    const write = (data: string | Uint8Array) => new Promise((resolve) => socket.write(data, resolve));
    await write(`POST /ingest/ndjson HTTP/1.1\r\nHost: localhost\r\n${header}\r\n\r\n`);
    const mebibyte = Buffer.concat([Buffer.from(before), Buffer.alloc(1024 * 1024), Buffer.from(after)]);
    for (let count = 0; count < 110; count++) await write(mebibyte);
    await write(`${end}POST /ingest/ndjson HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx`);
    await expect.poll(() => answers.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
    socket.destroy();
    expect(target.sink.lines).toEqual(['x']);
  });

  it('that end too early are forgotten', async () => {
    const socket = connect(target.port, '127.0.0.1');
    socket.write('POST /ingest/ndjson HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nonly a part');
    await expect.poll(() => target.server.intakeCounts.ndjson.bytes).toBe(11);
    socket.destroy();
    expect((await post('/ingest/ndjson', 'x')).status).toBe(200);
    expect(target.sink.lines).toEqual(['x']);
  });
});
