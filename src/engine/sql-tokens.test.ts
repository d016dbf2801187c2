import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSqlTokens } from './sql-tokens.ts';

function texts(sql: string): string[] {
  return readSqlTokens(sql).map(({ kind, text }) => `${kind}:${text}`);
}

test.each<[sql: string, tokens: string[]]>([
  ['a.b1 , 1.5e3', ['word:a', 'symbol:.', 'word:b1', 'symbol:,', 'number:1.5e3']],
  ["'it''s' 'a\\'b' '\\x41\\n'", ["string:it's", "string:a'b", 'string:A\n']],
  ['"a""b" `fi\\x6ce` “file”', ['quoted:a"b', 'quoted:file', 'quoted:file']],
  ['a -- x\nb # y\nc #! z\nd // e', ['word:a', 'word:b', 'word:c', 'word:d']],
  ['a /* ; */ b', ['word:a', 'word:b']],
  ["$$a'b$$ $x$ $$ $x$ $y", ["string:a'b", 'string: $$ ', 'symbol:$', 'word:y']],
  ['file\u2060(\u00a0)', ['word:file', 'symbol:(', 'symbol:)']],
  ['1.file', ['number:1', 'symbol:.', 'word:file']],
  ["a 'b", ['word:a', "broken:'b"]],
  ['a /* b', ['word:a', 'broken:/* b']],
  ['a /* /* */ file() -- */', ['word:a', 'broken:/* /* */ file() -- */']],
  ['', []],
])('%s', (sql, tokens) => {
  expect(texts(sql)).toEqual(tokens);
});

test('any text is read to its end without an exception, in order', () => {
  const piece = fc.constantFrom(
    "'",
    '"',
    '`',
    '\\',
    '$',
    '$a$',
    '/*',
    '*/',
    '--',
    '\n',
    '“',
    '”',
    '‘',
    '’',
    'x',
    '1',
    '.',
    ';',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(piece).map((pieces) => pieces.join('')),
      ),
      (sql) => {
        const places = readSqlTokens(sql).map(({ at }) => at);
        expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
      },
    ),
    { numRuns: 500 },
  );
});

test('whatever is inside a string stays one token', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const quoted = `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
      expect(texts(`a ${quoted} b`)).toEqual(['word:a', `string:${text}`, 'word:b']);
    }),
  );
});
