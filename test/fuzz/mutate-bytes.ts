import type { Random } from '../../bench/traffic/random.ts';

type Mutation = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

/** What parsers trip over: ends of lines and texts, escapes, numbers at their limits, other encodings, nesting. */
const pieces: readonly Buffer[] = [
  ...['\0', '\r', '\n', '\r\n', '\n\n', '\ufeff', '\u2028', '\t', ' ', '  ', '"', '""', '\\', '\\"', "'", '`', '\\N'],
  ...[
    '-',
    '--',
    '%',
    '%2',
    '%00',
    '%252F',
    '%ff',
    '&',
    '=',
    ';',
    ',',
    '|',
    '#',
    '#Fields: ',
    '#Fields',
    '#Version: 1.0',
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    '{}',
    '[]',
    '}{',
    '{"',
    '":',
    '{"a":',
    'null',
    '{"Records":[',
    '"logEvents":[',
    '\\u0000',
    '\\ud800',
  ],
  ...[
    '0',
    '-1',
    '00',
    '1e999',
    'nan',
    'inf',
    '4294967296',
    '9223372036854775808',
    '18446744073709551616',
    '1.5',
    '0x10',
  ],
  ...['1969-12-31', '2026-02-30', '9999-99-99', '2026-03-01T00:00:00Z', '25:61:61', '[29/Feb/2023:10:00:00 +9999]'],
  ...['\\x16\\x03\\x01\\x02', '\\x', 'GET / HTTP/1.1', '::1', '999.999.999.999', '2001:db8::1', 'é', '\u{1f600}', 'ﷺ'],
].map((text) => Buffer.from(text));
const bytePieces = [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x80, 0x80], [0xfe, 0xff]].map(
  (bytes) => Buffer.from(bytes),
);
const inserted = [...pieces, ...bytePieces];

const mutations: readonly Mutation[] = [
  (bytes, random) => replaced(bytes, random, 1, () => Buffer.of(random.below(256))),
  (bytes, random) => replaced(bytes, random, 0, () => random.pick(inserted)),
  (bytes, random) => replaced(bytes, random, random.below(4), () => random.pick(inserted)),
  (bytes, random) => replaced(bytes, random, random.below(20), () => Buffer.alloc(0)),
  (bytes, random, other) => replaced(bytes, random, random.below(10), () => slice(other, random, 60)),
  (bytes, random) => replaced(bytes, random, 0, () => slice(bytes, random, 60)),
  (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  (bytes, random) => bytes.subarray(random.below(bytes.length + 1)),
  (bytes, random) => replaced(bytes, random, 0, () => repeated(random.pick(inserted), random, 300)),
  (bytes) => Buffer.from(bytes.toString('latin1').replace(/\d/g, '9'), 'latin1'),
  (bytes) => Buffer.from(bytes.toString('latin1').replace(/["\\]/g, '\\$&'), 'latin1'),
  (_bytes, _random, other) => other,
];
/** These make a line of kilobytes, so they are rare. */
const large: readonly Mutation[] = [
  (bytes, random) => replaced(bytes, random, 0, () => repeated(random.pick(inserted), random, 20_000)),
  (bytes, random) => repeated(bytes, random, 50),
  (bytes, random) => Buffer.concat([Buffer.from('{"a":'.repeat(random.below(2000))), bytes]),
];

/** Changes bytes in one to four places. @param other of which parts are taken */
export function mutateBytes(bytes: Buffer, random: Random, other: Buffer): Buffer {
  let changed = bytes;
  for (let times = 1 + random.below(4); times > 0; times--) {
    const mutation = random.chance(0.004) ? random.pick(large) : random.pick(mutations);
    changed = mutation(changed, random, other);
  }
  return changed;
}

function replaced(bytes: Buffer, random: Random, length: number, piece: () => Buffer): Buffer {
  const at = random.below(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), piece(), bytes.subarray(at + length)]);
}

function slice(bytes: Buffer, random: Random, maxLength: number): Buffer {
  const at = random.below(bytes.length + 1);
  return bytes.subarray(at, at + 1 + random.below(maxLength));
}

function repeated(bytes: Buffer, random: Random, maxTimes: number): Buffer {
  return Buffer.concat(Array.from({ length: 1 + random.below(maxTimes) }, () => bytes));
}
