import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { broken, elementsOf, isJsonObject, skipMembers, skipValue } from './json-bytes.ts';

const bytesOf = (text: string) => Buffer.from(text);

/** Valid and broken JSON. */
const damagedJson = fc
  .tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', '{', '}', ',', ':', '\\', '0', 'e', '-', '.', ' ', '\n', 'é'))
  .map(([json, at, inserted]) => {
    const place = at % (json.length + 1);
    return json.slice(0, place) + inserted + json.slice(place + (at % 2));
  });

describe('isJsonObject', () => {
  it('says what JSON.parse says', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), damagedJson), (text) => {
        expect(isJsonObject(bytesOf(text)), text).toBe(isObject(text));
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['{"a":01}', '{"a":1.}', '{"a":-}', '{"a":1e}', '{"a":tru}', '{,}', '{"a":1,}', '[]', '', '{"a":1}{', '{"a'])(
    'refuses %s',
    (text) => expect(isJsonObject(bytesOf(text))).toBe(false),
  );

  it('never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => typeof isJsonObject(bytes) === 'boolean'));
  });

  it('refuses what is nested so deep that others fail on it', () => {
    const nested = (depth: number) => bytesOf(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
    expect(isJsonObject(nested(400))).toBe(true);
    expect(isJsonObject(nested(1_000_000))).toBe(false);
  });
});

function isObject(text: string): boolean {
  try {
    return text.trimStart().startsWith('{') && typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

describe('positions', () => {
  it('finds members and elements as JSON.parse has them', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()), (object, list) => {
        const text = bytesOf(JSON.stringify(object, null, 1));
        const found: [string, unknown][] = [];
        skipMembers(text, 0, (...at) => {
          const [key, value] = [text.subarray(at[0], at[1]), text.subarray(at[2], at[3])];
          found.push([JSON.parse(String(key)), JSON.parse(String(value))]);
        });
        expect(found).toEqual(Object.entries(JSON.parse(String(text))));
        const array = bytesOf(JSON.stringify(list, null, 1));
        const elements = [...elementsOf(array, 0)].map(([start, end]) =>
          JSON.parse(String(array.subarray(start, end))),
        );
        expect(elements).toEqual(JSON.parse(String(array)));
      }),
    );
  });

  it('says where a value ends', () => {
    expect(skipValue(bytesOf('{"a":[1,"]"]} rest'), 0)).toBe(13);
    expect(skipValue(bytesOf('rest'), 0)).toBe(broken);
    expect([...elementsOf(bytesOf('[1, 2'), 0)]).toHaveLength(2);
  });
});
