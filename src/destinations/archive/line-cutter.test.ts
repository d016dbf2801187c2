import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineCutter } from './line-cutter.ts';

/** A text in pieces that end anywhere. */
async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size));
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const read: Uint8Array[] = [];
  for await (const chunk of chunks) read.push(chunk);
  return Buffer.concat(read).toString();
}

test('each part has its lines, wherever the pieces end', async () => {
  const parts = fc.array(fc.array(fc.stringMatching(/^[a-c]{0,6}$/), { minLength: 1, maxLength: 5 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(parts, fc.integer({ min: 1, max: 20 }), async (parts, size) => {
      const texts = parts.map((lines) => lines.map((line) => `${line}\n`).join(''));
      const cutter = new LineCutter(pieces(texts.join(''), size));
      for (const [index, lines] of parts.entries()) expect(await textOf(cutter.take(lines.length))).toBe(texts[index]);
      await cutter.finish();
    }),
  );
});

test('other numbers of lines than were counted are an error', async () => {
  await expect(textOf(new LineCutter(pieces('a\nb\n', 3)).take(3))).rejects.toThrow('fewer rows');
  const cutter = new LineCutter(pieces('a\nb\n', 3));
  await textOf(cutter.take(1));
  await expect(cutter.finish()).rejects.toThrow('more rows');
});
