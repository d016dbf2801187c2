import { expect, test } from 'vitest';
import { isRotatedFrom, unrotatedName } from './rotated-name.ts';

test.each([
  ['/l/app.log.1', '/l/app.log'],
  ['/l/app.log.12.gz', '/l/app.log'],
  ['/l/app.log-20261005', '/l/app.log'],
  ['/l/app.log-20261005-1200.gz', '/l/app.log'],
  ['/l/app.log.2026-10-05T12-00-00.123Z', '/l/app.log'],
  ['/l/app-20261005.log', '/l/app.log'],
  ['/l/app.2026-10-05.1.log', '/l/app.log'],
  ['/l/app.1.log', '/l/app.log'],
  ['/l/app-1.log.2', '/l/app-1.log'],
  ['/l/app.log.old', '/l/app.log'],
  ['/l/0.log.20261005-120000.gz', '/l/0.log'],
  ['/l/syslog.1', '/l/syslog'],
])('%s was %s', (path, original) => {
  expect(unrotatedName(path)).toBe(original);
  expect(isRotatedFrom(path, original)).toBe(true);
  expect(isRotatedFrom(original, path)).toBe(false);
});

test.each(['/l/app.log', '/l/worker-1.log', '/l/2026-10-05.log', '/l.1/app', '/l/v2', '/l/.1'])(
  '%s is itself',
  (path) => {
    expect(unrotatedName(path)).toBe(path);
  },
);

test('what was compressed in its second rotation was first seen in its first', () => {
  expect(isRotatedFrom('/l/app.log.2.gz', '/l/app.log.1')).toBe(true);
  expect(isRotatedFrom('/l/worker-2.log', '/l/worker-1.log')).toBe(false);
});
