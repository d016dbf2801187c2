import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileInsert } from './compile-insert.ts';
import { detectLayout } from './detect-layout.ts';

test('each value of a line is copied once, though its check and its column need it', () => {
  const sample = new URL(
    '../formats/cloudfront-realtime/testdata/real-2020-40-fields-without-header.log',
    import.meta.url,
  );
  const layout = detectLayout(readFileSync(sample, 'utf8').split('\n'))?.layout;
  if (!layout) throw new Error('the sample has no layout');
  const origin = { batch: '1', origins: ['a'], filenames: ['a'], distributions: [''] };
  const { sql } = compileInsert(layout, origin, 'lines');
  const copied = sql.match(/raw\[\d+\]/g) ?? [];
  expect(layout.checked.length).toBeGreaterThan(5);
  expect(copied).toHaveLength(layout.columns.length);
  expect(new Set(copied).size).toBe(copied.length);
});
