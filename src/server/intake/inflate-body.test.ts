import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collect } from './byte-blocks.ts';
import { inflateBody } from './inflate-body.ts';

/** `zstd -19` of `a line\n` a thousand times, and a second frame of `end\n`, made with the tool of facebook/zstd 1.5.4. */
const zstdOfLines = Buffer.from('KLUv/QRofQAAOGEgbGluZQoBAE6rvhgBevguHyi1L/0EWCEAAGVuZArkQ8Ac', 'base64');

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const inflate = async (bytes: Uint8Array, encoding: string | undefined, size = 7) =>
  (await collect(inflateBody(inPieces(bytes, size), encoding))).join();

const text = Buffer.from('some lines\nof text\n'.repeat(500));

describe('inflateBody', () => {
  it.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['GZIP ', Buffer.concat([gzipSync(text.subarray(0, 100)), gzipSync(text.subarray(100))])],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['identity', text],
    [undefined, text],
  ])('undoes %s, in any pieces', async (encoding, compressed) => {
    for (const size of [1, 7, 100_000]) expect((await inflate(compressed, encoding, size)).equals(text)).toBe(true);
  });

  it('undoes zstd, several frames of it, in any pieces', async () => {
    for (const size of [1, 7, 100_000]) {
      expect(String(await inflate(zstdOfLines, 'zstd', size))).toBe(`${'a line\n'.repeat(1000)}end\n`);
    }
  });

  it.each(['gzip', 'deflate', 'br', 'zstd'])('says 400 for what is no %s, and for a part of it', async (encoding) => {
    const whole = {
      gzip: gzipSync(text),
      deflate: deflateSync(text),
      br: brotliCompressSync(text),
      zstd: zstdOfLines,
    }[encoding] as Buffer;
    for (const bytes of [Buffer.from('no such thing, not at all'), whole.subarray(0, -5)]) {
      await expect(inflate(bytes, encoding)).rejects.toMatchObject({ status: 400, message: /^cannot inflate/ });
    }
  });

  it('says 415 for others', async () => {
    await expect(inflate(text, 'compress')).rejects.toMatchObject({ status: 415 });
  });

  it('fails in no other way, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), fc.constantFrom('gzip', 'deflate', 'br', 'zstd'), async (bytes, encoding) => {
        const magic = encoding === 'zstd' ? [0x28, 0xb5, 0x2f, 0xfd] : [];
        await inflate(Buffer.from([...magic, ...bytes]), encoding).catch(({ status }) => expect(status).toBe(400));
      }),
    );
  });

  it('stops with its reader', async () => {
    let sent = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        sent++;
        yield gzipSync(Buffer.alloc(1_000_000));
      }
    }
    for await (const piece of inflateBody(endless(), 'gzip')) if (piece.length > 0) break;
    const sentThen = sent;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sent).toBe(sentThen);
  });
});
