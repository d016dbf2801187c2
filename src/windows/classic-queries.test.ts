import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseConfig } from '../config/parse-config.ts';
import { formats } from '../formats/catalog.ts';
import { classicQueries } from './classic-queries.ts';

test('examples/windows.yaml has the queries of the demo', () => {
  const text = readFileSync(new URL('../../examples/windows.yaml', import.meta.url), 'utf8');
  const { windows } = parseConfig(text, { file: 'windows.yaml', baseDirectory: '/', environment: {}, formats });
  const plain = ({ sql, ...others }: { readonly sql: string }) => ({ ...others, sql: sql.replace(/\s+/g, ' ').trim() });
  expect(windows.map(plain)).toEqual(classicQueries.map(plain));
});
