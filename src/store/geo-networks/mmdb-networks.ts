import { Reader, type Response } from 'mmdb-lib';
import type { GeoList } from './geo-list.ts';
import { type SearchTree, visitNetworks } from './mmdb-search-tree.ts';

/** https://maxmind.github.io/MaxMind-DB/#database-metadata */
const metadataMarker = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');

/**
 * The networks of a MaxMind DB as disjoint prefixes with the list's value of each, e.g. `['1.0.0.0/24', 'AU']`;
 * networks without a value are omitted.
 *
 * @throws Error with the reason alone when the bytes are not a complete MaxMind DB
 */
export function readMmdbNetworks(bytes: Buffer, list: GeoList): [prefix: string, value: string][] {
  if (bytes.lastIndexOf(metadataMarker) === -1) throw new Error('it is not a MaxMind DB, or only a part of one');
  const reader = openReader(bytes);
  const { nodeCount, recordSize, ipVersion, searchTreeSize } = reader.metadata;
  if (!(searchTreeSize + 16 <= bytes.length)) throw new Error('it is not a complete MaxMind DB');
  const tree: SearchTree = {
    bytes,
    nodeCount,
    recordBits: recordSize,
    addressBits: ipVersion === 4 ? 32 : 128,
  };
  const networks: [string, string][] = [];
  visitNetworks(
    tree,
    (address) => valueIn(reader.get(formatAddress(address)), list),
    (address, length, value) => {
      const isIpv4 = address.length === 16 && length >= 96 && isZero(address.subarray(0, 12));
      if (isIpv4) networks.push([`${formatAddress(address.subarray(12))}/${length - 96}`, value]);
      else networks.push([`${formatAddress(address)}/${length}`, value]);
      // A network that is wider than all of IPv4 and begins at its start contains it.
      if (address.length === 16 && length < 96 && isZero(address)) networks.push(['0.0.0.0/0', value]);
    },
  );
  return networks;
}

function openReader(bytes: Buffer): Reader<Response> {
  try {
    return new Reader(bytes, { cache: new Map<string | number, unknown>() });
  } catch (cause) {
    throw new Error('its metadata is damaged', { cause });
  }
}

/**
 * Paths of the two values in files of MaxMind, DB-IP, IPinfo and ip-location-db. A network's `registered_country` is
 * where its owner is registered, not where it is used, so it is not a substitute.
 */
const paths: Record<GeoList, readonly (readonly string[])[]> = {
  country: [['country', 'iso_code'], ['country_code'], ['country']],
  asn: [['autonomous_system_number'], ['asn']],
};

function valueIn(record: unknown, list: GeoList): string {
  for (const path of paths[list]) {
    const found = path.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), record);
    if (typeof found === 'number') return String(found);
    if (typeof found === 'string') return found.replace(/[^A-Za-z0-9]/g, '');
  }
  return '';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

/** `1.2.3.4` or eight groups of hexadecimal digits, uncompressed. */
function formatAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups: string[] = [];
  for (let i = 0; i < bytes.length; i += 2) {
    groups.push((((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0)).toString(16));
  }
  return groups.join(':');
}
