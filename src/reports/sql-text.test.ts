import { describe, expect, it } from 'vitest';
import { sql } from '../text/sql-text.ts';
import { reports } from './catalog.ts';

describe('sql', () => {
  it('takes away the indentation of the program and keeps that of the SQL', () => {
    expect(sql`
      SELECT
        1
      FROM x`).toBe('SELECT\n  1\nFROM x');
  });

  it('continues a fragment at the indentation of its line', () => {
    expect(sql`
      SELECT (
        ${'a AND\n  b'}
      )
      WHERE ${'c\nAND d'}`).toBe('SELECT (\n  a AND\n    b\n)\nWHERE c\nAND d');
  });
});

it.each(reports)('the SQL of $name is one statement without a value pasted in', ({ sql: text }) => {
  expect(text).toMatch(/^(SELECT|WITH)\b/);
  expect(text).not.toMatch(/;|\$\{|undefined|\t/);
  expect(text.split('\n').filter((line) => line.endsWith(' '))).toEqual([]);
});
