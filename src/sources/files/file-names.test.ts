import { isUtf8 } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeName, isDecoded, undecodable } from './file-names.ts';

const latin1 = Buffer.from('caf\xe9.log', 'latin1');
const fileName = fc
  .uint8Array({ minLength: 1, maxLength: 12 })
  .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 0 || byte === 0x2f ? 0x61 : byte))));

it('a name of UTF-8 is its text, any other is told apart by being none', () => {
  expect(decodeName(Buffer.from('café.log'))).toBe('café.log');
  expect(decodeName(latin1)).toBe('caf\udce9.log');
  fc.assert(fc.property(fileName, (name) => isDecoded(decodeName(name)) === isUtf8(name)));
});

it('no two names have one text', () => {
  fc.assert(
    fc.property(fileName, fileName, (one, other) => (decodeName(one) === decodeName(other)) === one.equals(other)),
  );
});

it('names it as a shell reads it', () => {
  expect(undecodable(`/logs/${decodeName(latin1)}`)).toBe(
    "the name $'/logs/caf\\xe9.log' is not UTF-8; rename it, for example with mv or convmv",
  );
  const odd = Buffer.from("é\\ '\n\xff", 'latin1');
  const [, quoted = ''] = /^the name (\$'.*') is not/s.exec(undecodable(decodeName(odd))) ?? [];
  expect(execFileSync('bash', ['-c', `printf %s ${quoted}`])).toEqual(odd);
});
