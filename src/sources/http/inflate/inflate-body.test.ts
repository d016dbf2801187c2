import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collect } from '../../../framing/records/byte-blocks.ts';
import { BodyBudget } from '../body-budget.ts';
import { inflateBody } from './inflate-body.ts';

/** `printf 'a line\n' | zstd --no-check`, of the same tool. */
const zstdWithoutChecksum = Buffer.from('KLUv/QBYOQAAYSBsaW5lCg==', 'base64');
/** A frame that requires 16 MiB of memory for its six letters. */
const zstdOfWideWindow = Buffer.from('KLUv/QBwMQAAYSBsaW5l', 'base64');
/** `zstd -19` of `a line\n` a thousand times, and a second frame of `end\n`, made with the tool of facebook/zstd 1.5.4. */
const zstdOfLines = Buffer.from('KLUv/QRofQAAOGEgbGluZQoBAE6rvhgBevguHyi1L/0EWCEAAGVuZArkQ8Ac', 'base64');

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const budget = new BodyBudget(64 * 1024 * 1024);

const inflate = async (bytes: Uint8Array, encoding: string | undefined, size = 7) =>
  (await collect(inflateBody(inPieces(bytes, size), encoding, budget.open()))).join();

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

  it.each(['gzip', 'deflate', 'br', 'zstd'])('refuses what is no %s, and for a part of it', async (encoding) => {
    const whole = {
      gzip: gzipSync(text),
      deflate: deflateSync(text),
      br: brotliCompressSync(text),
      zstd: zstdOfLines,
    }[encoding] as Buffer;
    for (const bytes of [Buffer.from('no such thing, not at all'), whole.subarray(0, -5)]) {
      await expect(inflate(bytes, encoding)).rejects.toMatchObject({ reason: 'invalid', message: /^cannot inflate/ });
    }
  });

  it.each([
    ['gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['zstd', zstdOfLines],
  ])('refuses %s with other bytes behind its end', async (encoding, compressed) => {
    for (const size of [1, 7, compressed.length, 100_000]) {
      for (const rest of ['x', 'more that is not compressed at all', '\0\0\0\0\0\0\0\0\0\0\0\0x']) {
        const bytes = Buffer.concat([compressed, Buffer.from(rest)]);
        await expect(inflate(bytes, encoding, size), `${encoding} ${rest}`).rejects.toMatchObject({
          reason: 'invalid',
        });
      }
    }
  });

  it('takes zeros behind gzip, with which some writers fill up blocks', async () => {
    for (const size of [1, 7, 100_000]) {
      expect((await inflate(Buffer.concat([gzipSync(text), Buffer.alloc(512)]), 'gzip', size)).equals(text)).toBe(true);
    }
  });

  it('never takes zstd with a flipped bit for anything else than it was', async () => {
    const whole = String(await inflate(zstdOfLines, 'zstd'));
    for (let bit = 0; bit < zstdOfLines.length * 8; bit++) {
      const bytes = Uint8Array.from(zstdOfLines);
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
      const found = await inflate(bytes, 'zstd').then(String, ({ reason }) => reason);
      expect(['invalid', whole], `bit ${bit}`).toContain(found);
    }
  });

  it('takes zstd without checksums, between frames to be skipped, and nothing that wants much memory', async () => {
    const skipped = Buffer.from('5f2a4d1803000000616263', 'hex');
    expect(String(await inflate(Buffer.concat([skipped, zstdWithoutChecksum, skipped]), 'zstd'))).toBe('a line\n');
    await expect(inflate(zstdOfWideWindow, 'zstd')).rejects.toMatchObject({ reason: 'invalid', message: /window/ });
    const small = new BodyBudget(1024).open();
    await expect(collect(inflateBody(inPieces(zstdOfLines, 7), 'zstd', small))).rejects.toMatchObject({
      reason: 'busy',
    });
    expect(budget.heldBytes).toBe(0);
  });

  it('refuses other encodings', async () => {
    await expect(inflate(text, 'compress')).rejects.toMatchObject({ reason: 'unknown-encoding' });
  });

  it('fails in no other way, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), fc.constantFrom('gzip', 'deflate', 'br', 'zstd'), async (bytes, encoding) => {
        const magic = encoding === 'zstd' ? [0x28, 0xb5, 0x2f, 0xfd] : [];
        await inflate(Buffer.from([...magic, ...bytes]), encoding).catch(({ reason }) =>
          expect(reason).toBe('invalid'),
        );
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
    for await (const piece of inflateBody(endless(), 'gzip', budget.open())) if (piece.length > 0) break;
    const sentThen = sent;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sent).toBe(sentThen);
  });
});
