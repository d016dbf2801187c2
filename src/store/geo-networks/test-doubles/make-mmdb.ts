import { isIPv4 } from 'node:net';

export type MmdbValue = string | number | { readonly [key: string]: MmdbValue };

interface Node {
  readonly sides: [Node | number | undefined, Node | number | undefined];
}

/**
 * For tests: a MaxMind DB of these networks, e.g. `['1.0.0.0/8', { country: { iso_code: 'AU' } }]`; of two that hold an
 * address the longer wins. In a tree of 128 bits IPv4 is also found below `::ffff:0:0/96`, as in MaxMind's files.
 * https://maxmind.github.io/MaxMind-DB/
 */
export function makeMmdb(
  networks: readonly (readonly [prefix: string, value: MmdbValue])[],
  { recordBits = 24, addressBits = 128 }: { recordBits?: 24 | 28 | 32; addressBits?: 32 | 128 } = {},
): Buffer {
  const root: Node = { sides: [undefined, undefined] };
  const data: Buffer[] = [];
  let dataBytes = 0;
  const bitsOf = (prefix: string) => prefixBits(prefix, addressBits);
  for (const [prefix, value] of networks.toSorted(([a], [b]) => bitsOf(a).length - bitsOf(b).length)) {
    insert(root, bitsOf(prefix), dataBytes);
    data.push(encode(value));
    dataBytes += data.at(-1)?.length ?? 0;
  }
  if (addressBits === 128) alias(root);

  const numbers = new Map<Node, number>();
  number(root, numbers);
  const nodeCount = numbers.size;
  const recordOf = (side: Node | number | undefined) =>
    side === undefined ? nodeCount : typeof side === 'number' ? nodeCount + 16 + side : (numbers.get(side) ?? 0);
  const tree = [...numbers.keys()].map(({ sides }) => encodeNode(recordOf(sides[0]), recordOf(sides[1]), recordBits));
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_700_000_000,
    database_type: 'Made',
    ip_version: addressBits === 32 ? 4 : 6,
    node_count: nodeCount,
    record_size: recordBits,
  });
  return Buffer.concat([
    ...tree,
    Buffer.alloc(16),
    ...data,
    Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'),
    metadata,
  ]);
}

/** The bits of a network, `0` and `1`; those of IPv4 below `::/96` in a tree of 128 bits. */
export function prefixBits(prefix: string, addressBits: 32 | 128): string {
  const [address = '', length = ''] = prefix.split('/');
  if (!isIPv4(address)) return ipv6Bits(address).slice(0, Number(length));
  const bits = address.split('.').map((part) => Number(part).toString(2).padStart(8, '0'));
  return ((addressBits === 128 ? '0'.repeat(96) : '') + bits.join('')).slice(0, addressBits - 32 + Number(length));
}

function ipv6Bits(address: string): string {
  const [head = '', tail] = address.split('::');
  const groups = (text: string) => text.split(':').filter((group) => group !== '');
  const missing = 8 - groups(head).length - groups(tail ?? '').length;
  const all = [
    ...groups(head),
    ...Array.from({ length: tail === undefined ? 0 : missing }, () => '0'),
    ...groups(tail ?? ''),
  ];
  return all.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0')).join('');
}

function insert(root: Node, bits: string, value: number): void {
  let node = root;
  for (const [index, bit] of [...bits].entries()) {
    const side = Number(bit) as 0 | 1;
    if (index === bits.length - 1) {
      node.sides[side] = value;
      return;
    }
    const next = node.sides[side];
    // A network within a wider one: the wider one's value stays on both sides of the path to it.
    const below = typeof next === 'object' ? next : { sides: [next, next] satisfies Node['sides'] };
    node.sides[side] = below;
    node = below;
  }
}

function alias(root: Node): void {
  let node: Node | number | undefined = root;
  for (let depth = 0; depth < 96 && typeof node === 'object'; depth++) node = node.sides[0];
  if (typeof node !== 'object') return;
  let at = root;
  for (const bit of `${'0'.repeat(80)}${'1'.repeat(15)}`) {
    const next = at.sides[Number(bit) as 0 | 1];
    if (typeof next === 'number') return;
    const below: Node = next ?? { sides: [undefined, undefined] };
    at.sides[Number(bit) as 0 | 1] = below;
    at = below;
  }
  at.sides[1] ??= node;
}

function number(node: Node, numbers: Map<Node, number>): void {
  if (numbers.has(node)) return;
  numbers.set(node, numbers.size);
  for (const side of node.sides) if (typeof side === 'object') number(side, numbers);
}

function encodeNode(left: number, right: number, recordBits: 24 | 28 | 32): Buffer {
  const node = Buffer.alloc(recordBits / 4);
  if (recordBits === 28) {
    node.writeUIntBE(left % 2 ** 24, 0, 3);
    node.writeUInt8(Math.floor(left / 2 ** 24) * 16 + Math.floor(right / 2 ** 24), 3);
    node.writeUIntBE(right % 2 ** 24, 4, 3);
  } else {
    node.writeUIntBE(left, 0, recordBits / 8);
    node.writeUIntBE(right, recordBits / 8, recordBits / 8);
  }
  return node;
}

/** A string (type 2), an unsigned number of 32 bits (6) or a map (7), each with less than 29 bytes or entries. */
function encode(value: MmdbValue): Buffer {
  if (typeof value === 'string') return Buffer.concat([Buffer.from([(2 << 5) | value.length]), Buffer.from(value)]);
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(5);
    bytes.writeUInt8((6 << 5) | 4);
    bytes.writeUInt32BE(value, 1);
    return bytes;
  }
  const entries = Object.entries(value);
  const parts = entries.flatMap(([key, entry]) => [encode(key), encode(entry)]);
  return Buffer.concat([Buffer.from([(7 << 5) | entries.length]), ...parts]);
}
