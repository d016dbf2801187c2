import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { splitJsonObjects } from './json-objects.ts';

const split = (text: string) => splitJsonObjects(Buffer.from(text)).map((line) => Buffer.from(line).toString());

test.each([
  ['one object', '{"a":1}\n', ['{"a":1}']],
  ['objects without anything between them', '{"a":"}{"}{"b":{"c":[{}]}}', ['{"a":"}{"}', '{"b":{"c":[{}]}}']],
  ['a printed object', '{\n  "a": "\\"}{",\r\n  "b": {}\n}\n{"c":1}', ['{   "a": "\\"}{",    "b": {} }', '{"c":1}']],
  ['text', 'one\n\n  two\r\n\u001b[31mred\n', ['one', '  two\r', '\u001b[31mred']],
  ['text with braces', '{main} started {a}{b}\n{} {', ['{main} started {a}{b}', '{}', ' {']],
  ['an object with text behind it', '{"a":1} tail\nmore', ['{"a":1}', ' tail', 'more']],
  ['an object that was cut off in a string', '{"a":"x\n{"b":1}{"c":2}', ['{"a":"x', '{"b":1}', '{"c":2}']],
  ['an object that never ends', '{"a":1\n{"b":1}{"c":2}\n', ['{"a":1', '{"b":1}', '{"c":2}']],
  ['nothing', ' \n\r\n', []],
])('%s', (_, text, lines) => {
  expect(split(text)).toEqual(lines);
});

test('however objects are joined, they come out again', () => {
  const object = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue());
  const printed = fc.tuple(object, fc.constantFrom(undefined, 2, '\t'), fc.constantFrom('', '\n', ' ', '\r\n\n'));
  fc.assert(
    fc.property(fc.array(printed, { maxLength: 8 }), (parts) => {
      const texts = parts.map(([value, indent, end]) => JSON.stringify(value, undefined, indent) + end);
      const lines = split(texts.join(''));
      expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
        parts.map(([value]) => JSON.parse(JSON.stringify(value)) as unknown),
      );
      expect(lines.every((line) => !line.includes('\n'))).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test('any bytes: nothing but blanks is lost', () => {
  const piece = fc.oneof(
    fc.constantFrom('{', '}', '"', '\\', '\n', ' ', '{"a":1}', '[', '\r\n').map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 6 }),
  );
  const visible = (bytes: Uint8Array) => Buffer.from(bytes.filter((byte) => byte > 32)).toString('hex');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const record = Buffer.concat(pieces);
      expect(splitJsonObjects(record).map(visible).join('')).toBe(visible(record));
    }),
    { numRuns: 1000 },
  );
});

test('a record full of openings takes no longer than its length', () => {
  expect(splitJsonObjects(Buffer.from('{\n'.repeat(500_000)))).toHaveLength(500_000);
});

test('objects side by side are split in linear time: the end of their line is looked for once', () => {
  const record = Buffer.from('{"a":1}'.repeat(10_000));
  const search = vi.spyOn(record, 'indexOf');
  expect(splitJsonObjects(record)).toHaveLength(10_000);
  expect(search).toHaveBeenCalledTimes(1);
});
