import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { starterPack } from '../alerts/starter-pack.ts';
import { ConfigError } from './config-error.ts';
import { parseConfig } from './parse-config.ts';

const formats = [
  { name: 'cloudfront-standard', fields: [{ name: 'date' }, { name: 'cs(User-Agent)' }] },
  { name: 'cloudfront-realtime', fields: [{ name: 'timestamp' }, { name: 'c-ip' }] },
] as const;

function parse(text: string, environment: Record<string, string> = {}) {
  return parseConfig(text, { file: 'tailrace.yaml', baseDirectory: '/etc/tailrace', environment, formats });
}

function errorOf(text: string, environment?: Record<string, string>): ConfigError {
  try {
    parse(text, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('a configuration that is right', () => {
  test('has units resolved, paths absolute and defaults filled in', () => {
    const config = parse(
      'query: { maxMemory: 512MB, maxSeconds: 2m }\nretention: { requests: 90d }\ngeoip: { asn: asn.csv }',
    );
    expect(config).toEqual({
      pipelines: [],
      destinations: [],
      windows: [],
      store: { kind: 'embedded', path: '/etc/tailrace/tailrace-data' },
      server: { host: '127.0.0.1', port: 4280 },
      query: { maxSeconds: 120, maxMemoryBytes: 512_000_000, maxResultRows: 1_000_000 },
      retention: {
        requests: { seconds: 7_776_000, bytes: null },
        logs: { seconds: null, bytes: null },
        rejects: { seconds: null, bytes: null },
      },
      geoip: { asn: '/etc/tailrace/asn.csv' },
      alerts: starterPack,
      notifications: [],
      maintenance: [],
    });
  });

  test('takes a server, and types what variables hold by what the key asks for', () => {
    const text = `
store: { url: "https://ch:8443/", password: "$\{PW}" }
server: { port: "$\{PORT:-1}" }
query: { maxRows: "$\{ROWS}", maxMemory: "$\{BYTES}" }`;
    const config = parse(text, { PW: '12345', PORT: '5000', ROWS: '7', BYTES: '2000000' });
    expect(config.store).toEqual({
      kind: 'server',
      url: 'https://ch:8443',
      user: 'default',
      password: '12345',
    });
    expect(config.server.port).toBe(5000);
    expect(config.query).toMatchObject({ maxResultRows: 7, maxMemoryBytes: 2_000_000 });
  });

  test('lets no variable add YAML', () => {
    const error = errorOf('server:\n  host: $' + '{X}', { X: 'a\nstore:\n  path: /' });
    expect(error.problems).toHaveLength(1);
    expect(error.problems[0]?.path).toBe('server.host');
  });

  test('accepts a column the vendor may have added, and each spelling of a known one', () => {
    const format = '{ type: cloudfront-standard, fields: [date, cs-user-agent, x-new-thing] }';
    const [pipeline] = parse(`pipelines: { a: { source: { type: stdin }, format: ${format} } }`).pipelines;
    expect(pipeline?.format).toEqual({
      type: 'cloudfront-standard',
      fields: ['date', 'cs-user-agent', 'x-new-thing'],
    });
  });

  test('follows aliases', () => {
    expect(parse('retention: { requests: &long 90d, rejects: *long }').retention.rejects.seconds).toBe(7_776_000);
  });
});

describe('a configuration that is wrong', () => {
  test('is told all at once, in the order of the lines, with the line and a caret', () => {
    const error = errorOf('server:\n  port: 80a\n  host: $' + '{NOPE}\nstor: {}\n');
    expect(error.code).toBe('TAILRACE_CONFIG_INVALID');
    expect(error.problems.map(({ line, path }) => [line, path])).toEqual([
      [2, 'server.port'],
      [3, 'server.host'],
      [4, 'stor'],
    ]);
    expect(error.render()).toBe(`3 problems in tailrace.yaml

tailrace.yaml:2:9: cannot use server.port "80a": it is text, expected a whole number from 0 to 65535; write for example 4280
   2 |   port: 80a
     |         ^^^

tailrace.yaml:3:9: cannot replace variable "NOPE": it is not set in the environment; set it before starting, or give a default: $\{NOPE:-value}
   3 |   host: $\{NOPE}
     |         ^^^^^^^

tailrace.yaml:4:1: cannot use key "stor": the configuration has no such key; write "store"
   4 | stor: ***
     | ^^^^`);
  });

  test('stays small when aliases multiply', () => {
    const levels = Array.from(
      { length: 12 },
      (_, index) => `k${index}: &a${index} [${Array(10).fill(index === 0 ? '1' : `*a${index - 1}`)}]`,
    );
    expect(errorOf(levels.join('\n')).message).toMatch(/more than 20000 values; check its aliases/);
  });

  test('however broken, gives a ConfigError and nothing else', () => {
    const fragment = fc.constantFrom(
      'server',
      'store',
      'port',
      'pipelines',
      'source',
      'format',
      'type',
      'kinesis',
      'startFrom',
      ': ',
      ':',
      '\n',
      '\n  ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '|',
      '>',
      '&a ',
      '*a',
      '!',
      '#',
      '$' + '{X}',
      '$' + '{',
      '\t',
      '<<',
      '? ',
      '---',
      '%',
      '1',
      'cloudfront-realtime',
      '\r',
      '\u0000',
      '\ud800',
    );
    const text = fc.oneof(
      fc.array(fragment, { maxLength: 40 }).map((parts) => parts.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(text, (source) => {
        try {
          parse(source, { X: 'x' });
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error;
          expect(error.problems.length).toBeGreaterThan(0);
          for (const { line, column, message } of error.problems) {
            expect(line).toBeGreaterThan(0);
            expect(column).toBeGreaterThan(0);
            expect(message).toMatch(/^cannot .+: .+; .+/s);
          }
          expect(error.render()).toContain('tailrace.yaml:');
        }
      }),
      { numRuns: 150 },
    );
  });
});
