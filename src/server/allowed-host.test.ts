import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHostCheck, isLoopback } from './allowed-host.ts';

describe('createHostCheck', () => {
  const check = createHostCheck('127.0.0.1', ['logs.example.com']);

  it.each([
    'localhost',
    'localhost:4280',
    'LOCALHOST',
    '127.0.0.1:4280',
    '127.8.0.1',
    '[::1]:4280',
    'a.localhost:1',
    'logs.example.com:443',
    undefined,
  ])('answers for %s on a loopback address', (host) => expect(() => check(host)).not.toThrow());

  it.each([
    'evil.example',
    'evil.example:4280',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'evillocalhost',
    '192.168.0.1',
    '[::2]',
    'x@localhost',
    'localhost:4280@evil.example',
    '',
  ])('refuses "%s"', (host) => expect(() => check(host)).toThrow(/this machine only/));

  it('answers for every name on another address, because it cannot know its own', () => {
    expect(() => createHostCheck('0.0.0.0')('logs.example.com')).not.toThrow();
  });

  it('never takes a name that does not end in a loopback one', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => check(`${text}.example`)).toThrow();
      }),
    );
  });
});

describe('isLoopback', () => {
  it.each(['0.0.0.0', '::', '10.0.0.1', '1270.0.0.1', 'localhosts'])('%s is none', (name) => {
    expect(isLoopback(name)).toBe(false);
  });
});
