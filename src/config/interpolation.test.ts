import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { interpolate, isOnlyReferences } from './interpolation.ts';

const environment = { PORT: '5000', EMPTY: '', NESTED: '$' + '{PORT}' };

describe('interpolate', () => {
  test.each([
    ['$' + '{PORT}', '5000'],
    ['a$' + '{PORT}b$' + '{PORT}', 'a5000b5000'],
    ['$' + '{EMPTY}', ''],
    ['$' + '{EMPTY:-7}', '7'],
    ['$' + '{NONE:-http://x:1}', 'http://x:1'],
    ['$' + '{NONE:-}', ''],
    ['$' + '{PORT:?message}', '5000'],
    ['$$' + '{PORT}', '$' + '{PORT}'],
    ['pa$$word $5 $PORT', 'pa$word $5 $PORT'],
    ['$' + '{NESTED}', '$' + '{PORT}'],
  ])('%s → %s', (text, expected) => {
    expect(interpolate(text, environment)).toMatchObject({ text: expected, problems: [] });
  });

  test.each([
    ['$' + '{NONE}', /"NONE": it is not set in the environment; set it before starting, or give a default/],
    ['$' + '{NONE:?ask Anna}', /"NONE": it is not set in the environment; ask Anna$/],
    ['$' + '{EMPTY:?ask Anna}', /"EMPTY": it is empty in the environment; ask Anna$/],
    ['$' + '{PORT', /its "}" is missing; write/],
    ['$' + '{}', /it names no variable; write/],
    ['$' + '{1X}', /not a form that is understood; write/],
    ['$' + '{A-hunter2}', /not a form that is understood; write/],
    ['$' + '{NONE:-$' + '{PORT}}', /a default cannot hold another variable; write/],
    ['$' + '{toString}', /"toString": it is not set/],
  ])('%s is a problem', (text, message) => {
    const { problems } = interpolate(text, environment);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toMatch(message);
    expect(problems[0]?.message).not.toContain('hunter2');
  });

  test('a text without a dollar sign stays, and doubling every dollar sign keeps any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[${}A-Z:?-]*$/)), (text) => {
        expect(interpolate(text.replaceAll('$', '$$$$'), {})).toEqual({ text, variables: [], problems: [] });
        interpolate(text, {});
      }),
    );
  });

  test('whatever a variable holds comes out as it is', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(interpolate('<$' + '{X}>', { X: value }).text).toBe(`<${value}>`);
      }),
    );
  });
});

test.each([
  ['$' + '{A}', true],
  ['$' + '{A:?set it}', true],
  ['$' + '{A:-hunter2}', false],
  ['x$' + '{A}', false],
  ['', false],
])('isOnlyReferences(%s) is %s', (text, expected) => {
  expect(isOnlyReferences(text)).toBe(expected);
});
