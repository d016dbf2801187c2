import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deaggregate } from './kpl.ts';

const everything = { from: 0n, to: 2n ** 128n - 1n };

/** Written from the format's specification, byte by byte, without the product's own library. */
function aggregate(message: Buffer): Buffer {
  return Buffer.concat([Buffer.from('f3899ac2', 'hex'), message, createHash('md5').update(message).digest()]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}

function field(number: number, value: Uint8Array | string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

interface Sub {
  readonly key: number;
  readonly hash?: number | undefined;
  readonly data: Uint8Array;
}

function message(keys: readonly string[], hashes: readonly string[], records: readonly Sub[]): Buffer {
  return Buffer.concat([
    ...keys.map((key) => field(1, key)),
    ...hashes.map((hash) => field(2, hash)),
    ...records.map(({ key, hash, data }) => {
      const explicit = hash === undefined ? [] : [varint(16), varint(hash)];
      return field(3, Buffer.concat([varint(8), varint(key), ...explicit, field(3, data)]));
    }),
  ]);
}

const text = (parts: readonly Uint8Array[]) => parts.map((part) => Buffer.from(part).toString());

describe('deaggregate', () => {
  test('reads a record that was written down by hand', () => {
    // partition_key_table "a"; records { partition_key_index 0, data "x\n" }, { …, data "y\n", tags { key "t" } }
    const bytes = Buffer.from(`0a0161${'1a06080'}01a02780a${'1a0b080'}01a02790a22030a0174`, 'hex');
    expect(text(deaggregate(aggregate(bytes), everything))).toEqual(['x\n', 'y\n']);
  });

  test('an aggregate of nothing has no records', () => {
    expect(deaggregate(aggregate(field(1, 'a')), everything)).toEqual([]);
  });

  test.each([
    ['no magic', Buffer.from('plain')],
    ['nothing', Buffer.alloc(0)],
    ['the magic alone', Buffer.from('f3899ac2', 'hex')],
    ['no message between magic and digest', aggregate(Buffer.alloc(0))],
    ['a wrong digest', Buffer.concat([aggregate(field(1, 'a')).subarray(0, -1), Buffer.from([1])])],
    ['not protobuf', aggregate(Buffer.from([0xff]))],
    ['a required field missing', aggregate(Buffer.concat([field(1, 'a'), field(3, field(3, 'x'))]))],
    ['a key that is not in the table', aggregate(message(['a'], [], [{ key: 1, data: Buffer.from('x') }]))],
    ['a hash key that is no number', aggregate(message(['a'], ['-1'], [{ key: 0, hash: 0, data: Buffer.from('x') }]))],
  ])('passes through unchanged: %s', (_, bytes) => {
    expect(deaggregate(bytes, everything)).toEqual([bytes]);
  });

  test('an aggregate with one record of another shard is dropped whole', () => {
    // MD5 of "a" is 0cc175b9…, of "b" 92eb5ffe…: below and above the middle.
    const lower = { from: 0n, to: 2n ** 127n - 1n };
    const of = (...records: Sub[]) => aggregate(message(['a', 'b'], [`${2n ** 127n}`], records));
    const own = { key: 0, data: Buffer.from('own') };
    expect(text(deaggregate(of(own), lower))).toEqual(['own']);
    expect(deaggregate(of(own, { key: 1, data: Buffer.from('foreign') }), lower)).toEqual([]);
    expect(deaggregate(of(own, { key: 0, hash: 0, data: Buffer.from('foreign') }), lower)).toEqual([]);
    const upper = { from: 2n ** 127n, to: 2n ** 128n - 1n };
    expect(text(deaggregate(of({ key: 0, hash: 0, data: Buffer.from('edge') }), upper))).toEqual(['edge']);
  });

  test('any records come out as they went in', () => {
    const keys = fc.array(fc.string({ unit: 'binary', minLength: 1 }), { minLength: 1, maxLength: 4 });
    const hashes = fc.array(fc.bigInt({ min: 0n, max: everything.to }).map(String), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(keys, hashes, fc.infiniteStream(fc.nat()), fc.array(fc.uint8Array()), (names, table, picks, data) => {
        const pick = () => picks.next().value as number;
        const records = data.map((bytes) => ({
          key: pick() % names.length,
          hash: pick() % 2 ? pick() % table.length : undefined,
          data: bytes,
        }));
        const found = deaggregate(aggregate(message(names, table, records)), everything);
        expect(found.map((bytes) => Buffer.from(bytes))).toEqual(data.map((bytes) => Buffer.from(bytes)));
      }),
    );
  });

  test('any bytes behind the magic are read or passed through', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
        deaggregate(aggregate(Buffer.from(bytes)), everything);
      }),
      { numRuns: 2000 },
    );
  });
});
