import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { formats as accessFormats } from '../formats/catalog.ts';
import { logFormats } from '../formats/logs/catalog.ts';
import { loadConfig } from './load-config.ts';

const workingDirectory = fileURLToPath(new URL('../../examples/', import.meta.url));
const files = (await readdir(workingDirectory)).filter((name) => name.endsWith('.yaml'));
const formats = [...accessFormats, ...logFormats];
const tokens = { TAILRACE_TOKEN: '0123456789abcdef', TAILRACE_READ_TOKEN: 'fedcba9876543210' };
const environment = { CLICKHOUSE_PASSWORD: 'x', ...tokens };

test('there are examples', () => {
  expect(files.length).toBeGreaterThanOrEqual(4);
});

test.each(files)('%s is right', async (file) => {
  const { config } = await loadConfig({ file, workingDirectory, environment, formats: async () => formats });
  expect(config.pipelines.length > 0).toBe(file !== 'tailrace.yaml');
});

test('many-workers.yaml asks for the secrets that it names', async () => {
  const load = loadConfig({
    file: 'many-workers.yaml',
    workingDirectory,
    environment: {},
    formats: async () => formats,
  });
  await expect(load).rejects.toThrow('openssl rand -hex 32');
});
