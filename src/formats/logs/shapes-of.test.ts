import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { logFormats } from './catalog.ts';
import { knownKeys } from './known-keys.ts';
import { findShape, groupNames, re2Pattern, shapesOf } from './shapes-of.ts';

describe.each(logFormats.map((format) => [format.name, format] as const))('%s', (_, format) => {
  const patterns = shapesOf(format).flatMap((shape) => ('text' in shape ? [shape.text] : []));

  test('patterns are such that the engine takes lines apart by them', () => {
    for (const pattern of patterns) {
      expect(groupNames(pattern).length, `${pattern} gives nothing`).toBeGreaterThan(0);
      expect(pattern.flags, String(pattern)).toMatch(/^[is]*$/);
      expect(re2Pattern(pattern)).not.toMatch(/\(\?[=!<]|\\[1-9]/);
    }
  });

  test('a name serves one column', () => {
    const names = Object.values(format.keys).flat();
    expect(names.length).toBe(new Set(names).size);
    for (const list of Object.values(format.keys)) expect(list.length).toBeLessThan(100);
  });

  test('reading text takes no longer than the text', () => {
    const long = ['2026-03-01 11:00:00 ', '[', ' - ', 'REPORT RequestId: x Duration: ', '<1>1 '].map((part) =>
      part.repeat(20_000),
    );
    for (const line of long) expect(() => findShape(format, line)).not.toThrow();
  });
});

test('the documentation names every known key', () => {
  const text = readFileSync(new URL('./json-lines/README.md', import.meta.url), 'utf8');
  const missing = Object.values(knownKeys).flatMap((names) => names.filter((name) => !text.includes(`\`${name}\``)));
  expect(missing).toEqual([]);
});
