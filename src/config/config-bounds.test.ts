import { describe, expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { parseConfig } from './parse-config.ts';

const fields = Array.from({ length: 90 }, (_, index) => ({ name: `field-${index}` }));
const formats = [{ name: 'cloudfront-realtime', fields }] as const;

function problemsOf(text: string, environment: Record<string, string> = {}): readonly string[] {
  try {
    parseConfig(text, { file: 'tailrace.yaml', baseDirectory: '/', environment, formats });
  } catch (error) {
    if (error instanceof ConfigError) return [error.message, error.render()];
    throw error;
  }
  return [];
}

const repeat = (text: string) => text.repeat(Math.floor((120 * 1024) / text.length));
const times = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index));
const list = (items: readonly string[]) => `[${items.join(',')}]`;

/** Without bounds each took seconds to minutes, or ended the process. */
describe('a file as large as may be is read or refused at once', () => {
  test.each<[string, string, RegExp]>([
    ['words that look like a secret', `server:\n  host: ${repeat('token')}`, /a value of more than 4096 characters/],
    ['what looks like addresses', `store:\n  url: ${repeat('://')}`, /a value of more than 4096 characters/],
    ['the same as comments', `server: 1 #${repeat('token')}`, /expected a mapping/],
    ['the same in short lines', repeat('a://://://://://: token token\n'), /50 problems/],
    ['escapes that are none', `server:\n  host: "${repeat('\\q')}"`, /a value of more than 4096 characters/],
    ['many escapes that are none', repeat('- "\\q\\q\\q\\q"\n'), /words and signs|no such|escape/],
    ['lists in lists', repeat('['), /more than 32 levels/],
    ['mappings in mappings', repeat('{a: '), /more than 32 levels/],
    ['lists in lists by dashes', repeat('- '), /more than 32 levels/],
    ['keys in keys', repeat('? '), /more than 32 levels/],
    ['mappings in mappings by colons', `a: ${repeat('b: ')}`, /more than 32 levels/],
    [
      'mappings in mappings by indentation',
      times(300, (level) => `${' '.repeat(level)}a:`).join('\n'),
      /more than 32 levels/,
    ],
    ['commas', `server: { ${repeat(',')} }`, /words and signs/],
    ['tags', `server: ${repeat('!a ')}`, /words and signs/],
    ['anchors', `server: ${repeat('&a ')}`, /words and signs/],
    ['directives', `${repeat('%A b\n')}---\na: 1`, /./],
    ['aliases of nothing', `z: ${list(times(9000, (n) => `*b${n}`))}`, /50 problems/],
    [
      'aliases of nothing beside many anchors',
      `${times(1500, (n) => `k${n}: &a${n} x`).join('\n')}\nz: ${list(times(8000, (n) => `*b${n}`))}`,
      /50 problems/,
    ],
    [
      'aliases of aliases',
      [
        'a0: &a0 [x,x,x,x,x,x,x,x,x]',
        ...times(12, (n) => `a${n + 1}: &a${n + 1} ${list(times(9, () => `*a${n}`))}`),
      ].join('\n'),
      /more than 20000 values; check its aliases/,
    ],
    ['keys that nobody knows', times(5000, (n) => `k${n}: x`).join('\n'), /50 problems/],
    ['the same key again and again', times(5000, () => 'server: 1').join('\n'), /50 problems/],
    [
      'columns without end',
      `pipelines: { a: { source: { type: stdin }, format: { type: cloudfront-realtime, fields: ${list(times(9000, (n) => `f${n}`))} } } }`,
      /more than 500 columns; list the columns of one line/,
    ],
  ])('%s', (_name, text, message) => {
    const [said = '', rendered = ''] = problemsOf(text);
    expect(said).toMatch(message);
    expect(rendered.length).toBeLessThan(50_000);
  });

  test('a value from a variable is as long as one in the file', () => {
    const token = 'x'.repeat(4097);
    expect(problemsOf(`server: { token: "$\{T}" }`, { T: token })[0]).toMatch(
      /^tailrace.yaml:1:18: cannot use server.token: it has more than 4096 characters; write a shorter one$/,
    );
    expect(problemsOf(`server: { token: "$\{T}" }`, { T: token.slice(1) })).toEqual([]);
    expect(problemsOf(`server: { token: "${token}" }`)[0]).toBe(
      'tailrace.yaml:1:18: cannot read YAML: it holds a value of more than 4096 characters; name a configuration file, and check the line',
    );
    expect(problemsOf(`server: { token: "${token}" }`)[1]).not.toContain('xxx');
  });
});
