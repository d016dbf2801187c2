import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createConfigSchema } from './config-schema.ts';
import { defaultConfig } from './default-config.ts';
import { createJsonSchema } from './json-schema.ts';
import { parseConfig } from './parse-config.ts';

const formats = [
  { name: 'cloudfront-standard', fields: [] },
  { name: 'cloudfront-realtime', fields: [] },
] as const;
const example = await readFile(new URL('../../examples/tailrace.yaml', import.meta.url), 'utf8');
const options = {
  file: 'tailrace.yaml',
  baseDirectory: '/srv',
  environment: { CLICKHOUSE_PASSWORD: 'x', CLICKHOUSE_READER_PASSWORD: 'y' },
  formats,
};

test('the example says what holds without it', () => {
  expect(parseConfig(example, options)).toEqual(defaultConfig(options.baseDirectory));
});

test('no configuration is the same as an empty one', () => {
  expect(defaultConfig(options.baseDirectory)).toEqual(createConfigSchema(options).parse({}));
});

test('the sections that the example has as comments are right too', () => {
  const section = (name: string) => {
    const lines = example.split(`# ${name}:\n`)[1]?.split('\n') ?? [];
    const end = lines.findIndex((line) => !line.startsWith('#  '));
    return [`${name}:`, ...lines.slice(0, end).map((line) => line.slice(2))].join('\n');
  };
  expect(parseConfig(section('store'), options).store).toMatchObject({ kind: 'server', password: 'x' });
  expect(parseConfig(section('geoip'), options).geoip).toMatchObject({ city: '/srv/GeoLite2-City.mmdb' });
  expect(parseConfig(section('pipelines'), options).pipelines).toMatchObject([
    { name: 'edge', source: { type: 'kinesis' }, format: { type: 'cloudfront-realtime', fields: { length: 8 } } },
  ]);
});

test('the JSON Schema describes every key, forbids others and lets what has a form be a variable', () => {
  const schema = createJsonSchema(formats) as { properties: Record<string, { properties?: object }> };
  expect(Object.keys(schema.properties)).toEqual(Object.keys(createConfigSchema(options).shape));
  expect(schema).toMatchObject({
    additionalProperties: false,
    properties: {
      server: {
        additionalProperties: false,
        properties: {
          host: { default: '127.0.0.1', description: expect.any(String) },
          port: { default: 4280, anyOf: [{ type: 'integer', minimum: 0, maximum: 65_535 }, { type: 'string' }] },
        },
      },
      query: { properties: { maxMemory: { default: '2GB' } } },
      store: { not: { required: ['path', 'url'] }, dependentRequired: { password: ['url'] } },
      pipelines: {
        additionalProperties: {
          required: ['source'],
          properties: {
            source: {
              oneOf: expect.arrayContaining([
                expect.objectContaining({ required: ['type', 'stream'] }),
                expect.objectContaining({ oneOf: [{ required: ['queue'] }, { required: ['bucket'] }] }),
              ]),
            },
            format: { oneOf: [{ required: ['type'] }, { properties: { from: { anyOf: [{ type: 'string' }, {}] } } }] },
          },
        },
      },
    },
  });
});
