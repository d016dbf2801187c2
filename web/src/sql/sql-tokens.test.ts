import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenizeSql } from './sql-tokens.ts';

describe('tokenizeSql', () => {
  it('gives back every character of any text', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom("'", '--', '\n', '/*', '*/', '\\', 'SELECT', '1.5'));
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const sql = pieces.join('');
        expect(
          tokenizeSql(sql)
            .map((token) => token.text)
            .join(''),
        ).toBe(sql);
      }),
    );
  });

  it('does not take a text or a comment for keywords', () => {
    const kinds = tokenizeSql("SELECT 'from' -- where\nFROM t").map(({ kind, text }) => [kind, text]);
    expect(kinds).toContainEqual(['text', "'from'"]);
    expect(kinds).toContainEqual(['comment', '-- where']);
    expect(kinds).toContainEqual(['keyword', 'FROM']);
    expect(kinds).toContainEqual(['name', 't']);
  });

  it('does not take a minus for a comment', () => {
    expect(tokenizeSql('1 - 2').map(({ kind }) => kind)).not.toContain('comment');
  });
});
