import fc from 'fast-check';
import { type CountryResponse, Reader } from 'mmdb-lib';
import { expect, test } from 'vitest';
import { readMmdbNetworks } from './mmdb-networks.ts';
import { readRecord } from './mmdb-search-tree.ts';
import { makeMmdb, prefixBits } from './test-doubles/make-mmdb.ts';

const country = (code: string) => ({ country: { iso_code: code } });

test('nested networks become disjoint ones, and neighbours of one country one network', () => {
  const bytes = makeMmdb([
    ['10.0.0.0/8', country('US')],
    ['10.128.0.0/9', country('DE')],
    ['10.0.0.0/16', country('US')],
    ['2001:db8::/33', country('JP')],
    ['2001:db8:8000::/33', country('JP')],
  ]);
  expect(readMmdbNetworks(bytes, 'country').toSorted()).toEqual([
    ['10.0.0.0/9', 'US'],
    ['10.128.0.0/9', 'DE'],
    ['2001:db8:0:0:0:0:0:0/32', 'JP'],
  ]);
});

test.each([
  [{ country_code: 'AU' }, 'country', 'AU'],
  [{ country: 'AU' }, 'country', 'AU'],
  [{ registered_country: { iso_code: 'AU' } }, 'country', undefined],
  [{ autonomous_system_number: 13_335 }, 'asn', '13335'],
  [{ asn: 'AS13335' }, 'asn', 'AS13335'],
  [{ country: { iso_code: 'A,\nU' } }, 'country', 'AU'],
] as const)('%j', (record, list, value) => {
  expect(readMmdbNetworks(makeMmdb([['1.0.0.0/24', record]], { addressBits: 32 }), list)[0]?.[1]).toBe(value);
});

test.each([
  [24, '000000000000 123456789abc', 0x123456, 0x789abc],
  [28, '00000000000000 1234567e9abcde', 0x7123456, 0xe9abcde],
  [32, '0000000000000000 89abcdef01234567', 0x89abcdef, 0x1234567],
])('records of %i bits', (recordBits, hex, left, right) => {
  const bytes = Buffer.from(hex.replace(' ', ''), 'hex');
  expect([readRecord({ bytes, recordBits }, 1, 0), readRecord({ bytes, recordBits }, 1, 1)]).toEqual([left, right]);
});

test('a network wider than all of IPv4 holds it', () => {
  expect(readMmdbNetworks(makeMmdb([['::/8', country('ZZ')]]), 'country')).toContainEqual(['0.0.0.0/0', 'ZZ']);
});

const octet = fc.integer({ min: 0, max: 255 });
const ipv4Prefix = fc
  .tuple(octet, octet, octet, octet, fc.integer({ min: 1, max: 32 }))
  .map(([a, b, c, d, length]) => `${a % 4}.${b % 4}.${c}.${d}/${length}`);
const ipv6Prefix = fc
  .tuple(
    fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 7, maxLength: 7 }),
    fc.integer({ min: 4, max: 128 }),
  )
  .map(([groups, length]) => `2001:${groups.map((group) => group.toString(16)).join(':')}/${length}`);

test('every address has the value that its longest network and the library give it', () => {
  const networks = fc.array(fc.tuple(fc.oneof(ipv4Prefix, ipv6Prefix), fc.constantFrom('AU', 'DE', 'US')), {
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(
    fc.property(networks, fc.constantFrom(24, 28, 32), (made, recordBits) => {
      const unique = [
        ...new Map(made.map(([prefix, code]) => [prefixBits(prefix, 128), [prefix, code] as const])).values(),
      ];
      const bytes = makeMmdb(
        unique.map(([prefix, code]) => [prefix, country(code)]),
        { recordBits: recordBits as 24 | 28 | 32 },
      );
      const found = readMmdbNetworks(bytes, 'country');
      const reader = new Reader<CountryResponse>(bytes);
      for (const [prefix] of unique) {
        const address = prefix.split('/')[0] ?? '';
        const answer = longestMatch(found, address);
        expect(answer).toBe(longestMatch(unique, address));
        expect(answer).toBe(reader.get(address)?.country?.iso_code);
      }
      // Disjoint: no network is a prefix of another.
      const bits = found.map(([prefix]) => prefixBits(prefix, 128)).toSorted();
      expect(bits.some((text, index) => index > 0 && text.startsWith(bits[index - 1] ?? '-'))).toBe(false);
    }),
    { numRuns: 200 },
  );
});

function longestMatch(networks: readonly (readonly [prefix: string, value: string])[], address: string) {
  const wanted = prefixBits(`${address}/${address.includes(':') ? 128 : 32}`, 128);
  return networks
    .filter(([prefix]) => wanted.startsWith(prefixBits(prefix, 128)))
    .toSorted(([a], [b]) => prefixBits(b, 128).length - prefixBits(a, 128).length)[0]?.[1];
}

test('damaged bytes are an error with a reason, and never an endless walk', () => {
  const whole = makeMmdb([
    ['1.0.0.0/24', country('AU')],
    ['2.0.0.0/8', country('DE')],
  ]);
  expect(() => readMmdbNetworks(whole.subarray(0, whole.length - 100), 'country')).toThrow(/metadata is damaged/);
  expect(() => readMmdbNetworks(whole.subarray(0, 200), 'country')).toThrow(/not a MaxMind DB/);
  const loop = Buffer.from(whole);
  loop.fill(0, 0, 6 * 20);
  expect(() => readMmdbNetworks(loop, 'country')).toThrow(/loop/);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), octet), { minLength: 1, maxLength: 5 }), (changes) => {
      const changed = Buffer.from(whole);
      for (const [index, byte] of changes) changed[index] = byte;
      try {
        readMmdbNetworks(changed, 'country');
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }),
  );
});
