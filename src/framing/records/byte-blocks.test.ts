import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteBlocks } from './byte-blocks.ts';

describe('ByteBlocks', () => {
  it('gives back what it got, in blocks, however it came', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50_000 }), { maxLength: 20 }), (pieces) => {
        const blocks = new ByteBlocks();
        for (const piece of pieces) blocks.append(piece);
        const all = Buffer.concat(pieces);
        expect(blocks.length).toBe(all.length);
        expect(Buffer.concat(blocks.chunks()).equals(all)).toBe(true);
        expect(blocks.join().equals(all)).toBe(true);
        expect(blocks.length).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps pieces of one byte in few blocks', () => {
    const blocks = new ByteBlocks();
    for (let count = 0; count < 300_000; count++) blocks.append(Uint8Array.of(count & 255));
    expect(blocks.chunks().length).toBeLessThan(10);
  });

  it('ends a line only where one has begun and not ended', () => {
    const blocks = new ByteBlocks();
    blocks.endLine();
    blocks.append(Buffer.from('a'));
    blocks.endLine();
    blocks.endLine();
    expect(String(blocks.join())).toBe('a\n');
  });
});
