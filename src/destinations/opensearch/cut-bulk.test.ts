import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BulkCutter, type BulkPart, documentOf, selectDocuments } from './cut-bulk.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

function cut(pieces: readonly [text: string, owner: number][], mostBytes: number): BulkPart[] {
  const cutter = new BulkCutter(mostBytes);
  const parts = pieces.flatMap(([piece, owner]) => [...cutter.push(Buffer.from(piece), owner)]);
  const last = cutter.end();
  return last ? [...parts, last] : parts;
}

const documentsOf = (part: BulkPart) => part.ends.map((_, index) => text(documentOf(part, index)));

test('however lines arrive, parts have whole documents in order, within the limit unless one is larger', () => {
  const document = fc.nat({ max: 60 }).map((length) => `{"create":{}}\n${'é'.repeat(length)}\n`);
  fc.assert(
    fc.property(
      fc.array(document),
      fc.array(fc.nat({ max: 40 })),
      fc.integer({ min: 1, max: 200 }),
      (all, cuts, most) => {
        const bytes = Buffer.from(all.join(''));
        const cutter = new BulkCutter(most);
        const parts: BulkPart[] = [];
        let from = 0;
        for (const length of [...cuts, bytes.length]) {
          parts.push(...cutter.push(bytes.subarray(from, from + length), 0));
          from += length;
        }
        const last = cutter.end();
        if (last) parts.push(last);
        expect(parts.flatMap(documentsOf)).toEqual(all);
        expect(Buffer.concat(parts.map((part) => part.bytes))).toEqual(bytes);
        for (const part of parts) expect(part.bytes.length <= most || part.ends.length === 1).toBe(true);
        // None could have been in the part before.
        for (const [index, part] of parts.entries()) {
          const before = parts[index - 1];
          if (before) expect(before.bytes.length + documentOf(part, 0).length).toBeGreaterThan(most);
        }
      },
    ),
  );
});

test('a document knows whose it is, also when parts are shared', () => {
  const parts = cut(
    [
      ['a\n1\nb\n2\n', 0],
      ['c\n3\n', 1],
    ],
    8,
  );
  expect(parts.map(({ owners }) => owners)).toEqual([[0, 0], [1]]);
});

test('some documents of a part are a part', () => {
  const [part] = cut([['a\n1\nbb\n22\nc\n3\n', 7]], 100) as [BulkPart];
  const some = selectDocuments(part, [1, 2]);
  expect(documentsOf(some)).toEqual(['bb\n22\n', 'c\n3\n']);
  expect(text(some.bytes)).toBe('bb\n22\nc\n3\n');
  expect(some.owners).toEqual([7, 7]);
});

test('a document that is cut is a failure', () => {
  expect(() => cut([['a\n1\nb\n', 0]], 100)).toThrow('BUG: the engine ended within a document');
  expect(() => cut([['a\n1', 0]], 100)).toThrow('BUG: the engine ended within a document');
});
