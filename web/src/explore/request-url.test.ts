import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { curlCommand, requestUrl } from './request-url.ts';

/** What a shell gives to a program that is named like the first word. */
function wordsOf(command: string): string[] {
  const program = `curl() { printf '%s\\0' "$@"; }; ${command}`;
  return execFileSync('sh', ['-c', program]).toString().split('\0').slice(0, -1);
}

test('a request as curl is one command, whatever its values are', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("'", '"', '$', '`', '\\', ' ', '%', '?', '#', ';', 'ü', '\n', 'a', '/') }),
      (hostile) => {
        const command = curlCommand({
          ...{ method: 'GET', host: 'www.example.com', scheme: 'https', query: "a='b'&c=%20" },
          ...{ path: `/${hostile}`, user_agent: hostile, referer: `${hostile}x`, range_start: 5, range_end: null },
        });
        const [silent, include, url = '', ...headers] = wordsOf(command);
        expect([silent, include]).toEqual(['-sS', '-i']);
        const read = new URL(url);
        expect([decodeURIComponent(read.pathname), read.host, read.search]).toEqual([
          new URL(`https://x/${hostile.split('/').map(encodeURIComponent).join('/')}`).pathname
            .split('/')
            .map(decodeURIComponent)
            .join('/'),
          'www.example.com',
          '?a=%27b%27&c=%20',
        ]);
        const clean = hostile.replaceAll('\n', ' ');
        const wanted = [
          ...(clean === '' ? [] : ['-H', `User-Agent: ${clean}`]),
          '-H',
          `Referer: ${clean}x`,
          '-H',
          'Range: bytes=5-',
        ];
        expect(headers).toEqual(wanted);
      },
    ),
    { numRuns: 40 },
  );
});

test.each([
  [{ method: 'HEAD', host: 'a.example', path: '/x' }, 'curl -sS -I https://a.example/x'],
  [
    { method: 'POST', distribution_domain: 'd1.cloudfront.net', scheme: 'http' },
    'curl -sS -i -X POST http://d1.cloudfront.net/',
  ],
])('%j', (values, command) => {
  expect(curlCommand(values)).toBe(command);
});

test('a decoded path is encoded again', () => {
  expect(requestUrl({ host: 'a', path: '/a b/100%/ü?#' })).toBe('https://a/a%20b/100%25/%C3%BC%3F%23');
});
