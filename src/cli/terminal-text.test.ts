import fc from 'fast-check';
import { expect, it } from 'vitest';
import { safeLine, safeText, safeTextChunks } from './terminal-text.ts';

it.each([
  ['colour and title', '\u001b[31mred\u001b]0;title\u0007', '\\u001b[31mred\\u001b]0;title\\u0007'],
  ['one of C1, which some terminals take for ESC [', '\u009b2J', '\\u009b2J'],
  ['going back over what stands there', 'a\rb\bc', 'a\\u000db\\u0008c'],
  ['delete and null', '\u007f\u0000', '\\u007f\\u0000'],
  ['right to left', 'invoice\u202efdp.exe\u2069', 'invoice\\u202efdp.exe\\u2069'],
  ['a mark of direction', '\u200e\u061c', '\\u200e\\u061c'],
  ['a line separator', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
  ['what people write', 'Grüße, 日本, 👩‍👧, نامه‌ها\t1\n', 'Grüße, 日本, 👩‍👧, نامه‌ها\t1\n'],
])('%s', (_, text, safe) => {
  expect(safeText(text)).toBe(safe);
});

it('one line has no newline', () => {
  expect(safeLine('a\ntailrace: all is well')).toBe('a\\u000atailrace: all is well');
});

it('JSON stays the same text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(JSON.parse(safeText(JSON.stringify({ [text]: text })))).toEqual({ [text]: text });
    }),
  );
});

it('whatever bytes come in whatever pieces, nothing steers', async () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc.constantFrom('\u001b[2J', '\u202e', '\u009b', '👩').map((text) => new TextEncoder().encode(text)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece), fc.nat({ max: 5 }), async (pieces, size) => {
      const whole = Buffer.concat(pieces);
      const read = async (chunks: readonly Uint8Array[]) => {
        let text = '';
        for await (const chunk of safeTextChunks(stream(chunks))) text += chunk;
        return text;
      };
      const text = await read(pieces);
      expect(text.replace(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u);
      const cuts = Array.from({ length: Math.ceil(whole.length / (size + 1)) }, (_, index) =>
        whole.subarray(index * (size + 1), (index + 1) * (size + 1)),
      );
      expect(await read(cuts)).toBe(text);
    }),
  );
});

async function* stream(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
