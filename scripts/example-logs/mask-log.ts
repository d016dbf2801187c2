import { createHash } from 'node:crypto';
import type { AddressMask } from './address-mask.ts';

/**
 * Masks the viewers in a tab-separated log that names its columns in `#Fields`: addresses in `c-ip` and
 * `x-forwarded-for`, and cookies. Every other byte stays.
 * @throws Error when no `#Fields` line comes before the first row
 */
export function maskLog(content: Buffer, addresses: AddressMask): Buffer {
  let masks: readonly (Masking | undefined)[] | undefined;
  // Latin-1 keeps every byte, whatever the encoding.
  const lines = content.toString('latin1').split('\n');
  const masked = lines.map((line) => {
    if (line.startsWith('#Fields')) masks = fieldNames(line).map((name) => maskings.get(name));
    if (line === '' || line.startsWith('#')) return line;
    if (!masks) throw new Error(`cannot mask log: no #Fields line before "${line.slice(0, 80)}"; leave the file out`);
    return line
      .split('\t')
      .map((value, index) => masks?.[index]?.(value, addresses) ?? value)
      .join('\t');
  });
  return Buffer.from(masked.join('\n'), 'latin1');
}

function fieldNames(directive: string): string[] {
  return directive
    .replace(/^#Fields:?/, '')
    .trim()
    .split(/\s+/);
}

type Masking = (value: string, addresses: AddressMask) => string | undefined;

const maskCookie: Masking = (value) =>
  value === '-'
    ? value
    : `masked=${createHash('sha256').update(`tailrace example logs ${value}`).digest('hex').slice(0, 16)}`;

const maskings = new Map<string, Masking>([
  ['c-ip', (value, addresses) => addresses.mask(value)],
  ['x-forwarded-for', (value, addresses) => addresses.maskList(value)],
  ['cs(Cookie)', maskCookie],
  ['cs-cookie', maskCookie],
]);
