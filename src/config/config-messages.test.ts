import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { parseConfig } from './parse-config.ts';

const formats = [
  { name: 'cloudfront-standard', fields: [{ name: 'date' }, { name: 'cs(User-Agent)' }] },
  { name: 'cloudfront-realtime', fields: [{ name: 'timestamp' }, { name: 'c-ip' }] },
  { name: 'json-lines' },
] as const;

/** Each case: a line `====`, the file, a line `----`, and the message. */
const cases = (await readFile(new URL('testdata/messages.txt', import.meta.url), 'utf8'))
  .split(/^====\n/m)
  .slice(1)
  .map((block) => block.split('\n----\n') as [file: string, told: string]);

test('there are cases', () => {
  expect(cases.length).toBeGreaterThan(30);
});

test.each(cases)('%j', (file, told) => {
  const parse = () => parseConfig(file, { file: 'tailrace.yaml', baseDirectory: '/etc', environment: {}, formats });
  expect(parse).toThrow(ConfigError);
  try {
    parse();
  } catch (error) {
    expect((error as ConfigError).render()).toBe(told.trimEnd());
  }
});
