import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hideCommonLiterals } from './hide-common-literals.ts';

test.each([
  ['; (LG-P5) Build', '; (LG-P5) Build'],
  ['; (Nexus 7) Build/', '; (Nexus 7)[ ][B][u][i][l][d]/'],
  ['(Silk|Kindle) Build', '(Silk|Kindle)[ ][B][u][i][l][d]'],
  ['(Silk|K) Build', '(Silk|K) Build'],
  ['(Kindle)?Android', '(Kindle)?Android'],
  ['Kindle(?: Build|\\) AppleWebKit)', 'Kindle(?:[ ][B][u][i][l][d]|\\) [A][p][p][l][e][W][e][b][K][i][t])'],
])('%s becomes %s', (pattern, expected) => {
  expect(hideCommonLiterals(pattern)).toBe(expected);
});

test('matches what the pattern matches', () => {
  const pattern = '; (Nexus|Kindle) (Fire)?(?: Build|\\) AppleWebKit).*Mobile';
  const words = fc.constantFrom('; ', 'Nexus', 'Kindle', ' Fire', ' ', ' Build', ') AppleWebKit', 'Mobile');
  fc.assert(
    fc.property(fc.array(words), (parts) => {
      const text = parts.join('');
      expect(new RegExp(hideCommonLiterals(pattern)).exec(text)).toEqual(new RegExp(pattern).exec(text));
    }),
  );
});
