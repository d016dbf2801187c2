import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { detectLayout } from './detect-layout.ts';

const sample = new URL(
  '../formats/cloudfront-realtime/testdata/real-2020-40-fields-without-header.log',
  import.meta.url,
);
const [sound = ''] = readFileSync(sample, 'utf8').split('\n');
const shifted = sound.replace('\tMiss\t', '\tx\tMiss\t').replace(/\t[^\t]*$/, '');
const checkedOf = (lines: readonly string[]) => detectLayout(lines)?.layout.checked;

test('fields are checked though every tenth row of the sample is shifted', () => {
  const lines = Array.from({ length: 50 }, (_, place) => (place % 10 === 5 ? shifted : sound));
  expect(checkedOf(lines)).toContain('x-edge-location');
  expect(checkedOf(lines)).toEqual(checkedOf([sound]));
});

test('a field that is masked in every third row is not checked', () => {
  const masked = sound.replace('\tEWR52-C4\t', '\t***\t');
  const lines = Array.from({ length: 50 }, (_, place) => (place % 3 === 0 ? masked : sound));
  expect(checkedOf([sound])).toContain('x-edge-location');
  expect(checkedOf(lines)).not.toContain('x-edge-location');
});

test('one odd value in a few rows is damage, and its field is checked', () => {
  const damaged = sound.replace('\tEWR52-C4\t', '\tEWR5\x002-C4\t');
  const lines = Array.from({ length: 8 }, (_, place) => (place === 3 ? damaged : sound));
  expect(checkedOf(lines)).toEqual(checkedOf([sound]));
});
