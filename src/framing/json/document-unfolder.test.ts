import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DocumentUnfolder } from './document-unfolder.ts';

/** In pieces of this many bytes. */
function unfold(text: string, key: string | undefined, pieceBytes: number): string {
  const unfolder = new DocumentUnfolder(key);
  const bytes = Buffer.from(text);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(unfolder.push(bytes.subarray(at, at + pieceBytes)));
  return Buffer.concat([...pieces, unfolder.end()]).toString();
}

test.each<[string, string, string]>([
  ['a list', '{"Records":[{"a":1},{"b":[{}]}]}\n', '{"a":1}\n{"b":[{}]}\n'],
  ['blanks', ' { "Records" : [ {"a":1} , {"b":2} ] } \r\n', '{"a":1}\n{"b":2}\n'],
  ['values of other kinds', '{"Records":[1,"a,]}",null,[2,3]]}\n', '1\n"a,]}"\nnull\n[2,3]\n'],
  ['braces and quotes in texts', '{"Records":[{"a":"}]\\"}"},{"b":"\\\\"}]}\n', '{"a":"}]\\"}"}\n{"b":"\\\\"}\n'],
  ['an empty list', '{"Records":[]}\n', ''],
  ['several documents', '{"Records":[1]}\n{"Records":[2]}\n', '1\n2\n'],
  ['what is behind a list', '{"Records":[1],"next":5}\nx\n', '1\n,"next":5}\nx\n'],
  ['other lines', 'x\n\n{"Recorded":[1]}\n{"a":{"Records":[1]}}\n', 'x\n\n{"Recorded":[1]}\n{"a":{"Records":[1]}}\n'],
  ['a blank within the key', '{"Re cords":[1]}\n', '{"Re cords":[1]}\n'],
  ['a document that is cut off', '{"Records":[{"a":1},{"b', '{"a":1}\n{"b'],
  ['one that its line ends', '{"Records":[{"a":1},{"b\n{"Records":[2]}\n', '{"a":1}\n{"b\n2\n'],
  ['half an opening', '{"Rec', '{"Rec'],
  ['blanks without end', ' '.repeat(3000), ' '.repeat(3000)],
])('%s', (_name, text, lines) => {
  for (const pieceBytes of [1, 2, 7, 10_000]) expect(unfold(text, 'Records', pieceBytes)).toBe(lines);
});

test('objects side by side', () => {
  const text = '{"a":"}{"}{"b":{}} {"c":1}\nx{"d":1}{"e":1}\n{"f":1}y\n{"g":1}';
  const lines = '{"a":"}{"}\n{"b":{}}\n{"c":1}\nx{"d":1}{"e":1}\n{"f":1}\ny\n{"g":1}\n';
  for (const pieceBytes of [1, 3, 10_000]) expect(unfold(text, undefined, pieceBytes)).toBe(lines);
});

test('any list: its elements, as JSON.parse finds them', () => {
  const element = fc.oneof(fc.jsonValue(), fc.record({ a: fc.jsonValue() }));
  fc.assert(
    fc.property(fc.array(element), fc.integer({ min: 1, max: 50 }), (elements, pieceBytes) => {
      const lines = unfold(`${JSON.stringify({ Records: elements })}\n`, 'Records', pieceBytes).split('\n');
      expect(lines.pop()).toBe('');
      expect(lines.map((line) => JSON.stringify(JSON.parse(line)))).toEqual(elements.map((one) => JSON.stringify(one)));
    }),
  );
});
