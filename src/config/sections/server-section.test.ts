import { expect, test } from 'vitest';
import { serverSection, whyTokenIsNeeded } from './server-section.ts';

test.each(['127.0.0.1', '127.8.0.1', '::1', 'localhost', 'app.localhost'])('%s needs no token', (host) => {
  expect(serverSection().safeParse({ host }).success).toBe(true);
});

test.each(['0.0.0.0', '::', '10.0.0.1', 'logs.example.com', '127.0.0.1.example', 'localhosts'])(
  '%s needs one',
  (host) => {
    expect(serverSection().safeParse({ host }).error?.issues).toMatchObject([{ path: ['host'] }]);
    // It is for readers alone.
    expect(serverSection().safeParse({ host, readToken: 'fedcba9876543210' }).success).toBe(false);
    expect(serverSection().parse({ host, token: '0123456789abcdef' })).toMatchObject({
      host,
      token: '0123456789abcdef',
    });
    expect(whyTokenIsNeeded(host, false)?.cause).toContain('without a token');
    expect(whyTokenIsNeeded(host, true)).toBeUndefined();
  },
);

test.each(['0123456789abcde', '0123456789 abcdef', '0123456789abcdé9', '0123456789abcdef\n'])(
  'no token: %j',
  (token) => {
    expect(serverSection().safeParse({ token }).success).toBe(false);
    expect(serverSection().safeParse({ readToken: token }).success).toBe(false);
  },
);
