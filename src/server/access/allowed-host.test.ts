import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHostCheck } from './allowed-host.ts';

describe('on a loopback address', () => {
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
  ])('answers for %s', (host) => expect(() => check(host, '127.0.0.1')).not.toThrow());

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
    'localhost, evil.example',
    '',
  ])('refuses "%s"', (host) => expect(() => check(host, '127.0.0.1')).toThrow(/does not know that name/));

  it('never takes a name that does not end in a loopback one', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => check(`${text}.example`, '127.0.0.1')).toThrow();
      }),
    );
  });
});

describe('on a public address', () => {
  const everywhere = createHostCheck('0.0.0.0', ['Logs.Example.com']);
  const one = createHostCheck('192.0.2.7');
  const named = createHostCheck('app.example.com', ['logs.example.com']);

  it.each([
    [everywhere, '192.0.2.7:4280', '192.0.2.7'],
    [everywhere, '192.0.2.7:4280', '::ffff:192.0.2.7'],
    [everywhere, '[2001:db8::7]:4280', '2001:db8::7'],
    [everywhere, 'localhost:4280', '127.0.0.1'],
    [everywhere, '127.0.0.1:4280', '127.0.0.1'],
    [everywhere, '0.0.0.0:4280', '127.0.0.1'],
    [everywhere, 'logs.example.com', '192.0.2.7'],
    [createHostCheck('::'), '[::1]:4280', '::1'],
    [one, '192.0.2.7:4280', '192.0.2.7'],
    [one, undefined, '192.0.2.7'],
    [named, 'app.example.com:4280', '192.0.2.7'],
    [named, 'logs.example.com', '192.0.2.7'],
    [named, '192.0.2.7', '192.0.2.7'],
  ])('answers for the address that it listens on, and the names that it was told (%#)', (check, host, address) => {
    expect(() => check(host, address)).not.toThrow();
  });

  it.each([
    [everywhere, 'rebound.example:4280', '192.0.2.7'],
    [everywhere, '192.0.2.8:4280', '192.0.2.7'],
    [everywhere, 'logs.example.com.evil.example', '192.0.2.7'],
    [everywhere, 'rebound.example', undefined],
    [one, 'localhost:4280', '192.0.2.7'],
    [one, 'logs.example.com', '192.0.2.7'],
    [named, 'evil.example', '192.0.2.7'],
  ])('refuses other names and addresses (%#)', (check, host, address) => {
    expect(() => check(host, address)).toThrow(/does not know that name/);
  });
});
