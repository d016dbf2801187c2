/**
 * The search tree of a MaxMind DB: each node has a record for the next bit 0 and one for 1, and a record is the number
 * of a node, or `nodeCount` for "nothing known", or a larger number for a place in the data section.
 * https://maxmind.github.io/MaxMind-DB/#binary-search-tree-section
 */
export interface SearchTree {
  readonly bytes: Buffer;
  readonly nodeCount: number;
  readonly recordBits: number;
  /** 32, or 128 where IPv4 networks are below `::/96`. */
  readonly addressBits: 32 | 128;
}

/** A network: the first `length` bits of `address`, which has 4 or 16 bytes and is only valid during the call. */
export type VisitNetwork = (address: Uint8Array, length: number, value: string) => void;

/**
 * Visits disjoint networks equivalent to the tree. Neighbours of equal value are visited as one network:
 * this makes a city database as small as a country database. Networks with the value '' are omitted, and so are the
 * subtrees that repeat the IPv4 networks (`::ffff:0:0/96`, `2002::/16` …).
 *
 * @param readValue extracts the value of a data section's record; called once per record, with an address of it
 * @throws Error for an invalid tree: records outside of the file, or a cycle
 */
export function visitNetworks(
  tree: SearchTree,
  readValue: (address: Uint8Array, length: number) => string,
  visit: VisitNetwork,
): void {
  const { nodeCount, addressBits } = tree;
  const address = new Uint8Array(addressBits / 8);
  const values = new Map<number, string>();
  const ipv4Start = addressBits === 128 ? findIpv4Start(tree) : -1;
  let visited = 0;

  const emit = (length: number, value: string | undefined) => {
    if (value !== undefined && value !== '') visit(address, length, value);
  };

  /** The single value of the subtree, or undefined if there were several, which have been visited. */
  const walk = (record: number, depth: number): string | undefined => {
    if (record === nodeCount) return '';
    if (record > nodeCount) {
      const value = values.get(record) ?? readValue(address, depth);
      values.set(record, value);
      return value;
    }
    if (record === ipv4Start && !(depth === 96 && address.every((byte) => byte === 0))) return '';
    if (depth === addressBits || visited++ > nodeCount) throw new Error('its search tree has a loop');
    const left = walk(readRecord(tree, record, 0), depth + 1);
    setBit(address, depth, 1);
    const right = walk(readRecord(tree, record, 1), depth + 1);
    if (left === right && left !== undefined) {
      setBit(address, depth, 0);
      return left;
    }
    emit(depth + 1, right);
    setBit(address, depth, 0);
    emit(depth + 1, left);
    return undefined;
  };
  emit(0, walk(nodeCount === 0 ? nodeCount : 0, 0));
}

/** The record after 96 zero bits: the root of IPv4, or the record in its place. */
function findIpv4Start(tree: SearchTree): number {
  let record = 0;
  for (let depth = 0; depth < 96 && record < tree.nodeCount; depth++) record = readRecord(tree, record, 0);
  // Only a damaged tree leads back to the root, which would hide everything.
  return record > 0 && record < tree.nodeCount ? record : -1;
}

/** A node's record for the next bit. In a node of 7 bytes the middle one holds the upper four bits of both records. */
export function readRecord(
  { bytes, recordBits }: Pick<SearchTree, 'bytes' | 'recordBits'>,
  node: number,
  side: 0 | 1,
): number {
  const offset = node * (recordBits / 4);
  if (recordBits === 28) {
    const middle = bytes.readUInt8(offset + 3);
    return side === 0
      ? (middle >> 4) * 2 ** 24 + bytes.readUIntBE(offset, 3)
      : (middle & 0x0f) * 2 ** 24 + bytes.readUIntBE(offset + 4, 3);
  }
  const recordBytes = recordBits / 8;
  return bytes.readUIntBE(offset + side * recordBytes, recordBytes);
}

function setBit(address: Uint8Array, index: number, bit: 0 | 1): void {
  const mask = 0x80 >> (index & 7);
  const byte = address[index >> 3] ?? 0;
  address[index >> 3] = bit === 1 ? byte | mask : byte & ~mask;
}
