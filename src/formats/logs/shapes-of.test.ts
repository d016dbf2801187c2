import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { linearPattern } from '../../text/linear-pattern.ts';
import { logFormats } from './catalog.ts';
import { knownKeys, plainName } from './known-keys.ts';
import { groupNames, shapesOf } from './shapes-of.ts';

describe.each(logFormats.map((format) => [format.name, format] as const))('%s', (_, format) => {
  const patterns = shapesOf(format).flatMap((shape) => ('text' in shape ? [shape.text] : []));

  test('patterns are such that the engine takes lines apart by them', () => {
    for (const pattern of patterns) {
      expect(groupNames(pattern).length, `${pattern} gives nothing`).toBeGreaterThan(0);
      expect(pattern).toMatch(/^\^/);
      expect(() => linearPattern(pattern)).not.toThrow();
    }
  });

  test('a name serves one column', () => {
    const names = Object.values(format.keys).flat().map(plainName);
    expect(names.length).toBe(new Set(names).size);
    for (const list of Object.values(format.keys)) expect(list.length).toBeLessThan(100);
  });
});

test('the documentation names every known key', () => {
  const text = readFileSync(new URL('./json-lines/README.md', import.meta.url), 'utf8');
  const missing = Object.values(knownKeys).flatMap((names) => names.filter((name) => !text.includes(`\`${name}\``)));
  expect(missing).toEqual([]);
});
