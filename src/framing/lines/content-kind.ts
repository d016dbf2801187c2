export type ContentKind = 'plain' | 'gzip' | 'parquet' | 'unsupported';

/** The kind of content by its first bytes. `problem`: for `unsupported`, what it is and what to do. */
export function contentKind(head: Uint8Array): { readonly kind: ContentKind; readonly problem?: string } {
  const begins = Buffer.from(head.subarray(0, longestMagic)).toString('hex');
  const magic = (hex: string) => begins.startsWith(hex);
  if (magic('1f8b')) return { kind: 'gzip' };
  if (magic('50415231')) return { kind: 'parquet' };
  const isTar = Buffer.from(head.subarray(tarMagicAt, tarMagicAt + 5)).toString('latin1') === 'ustar';
  const [, name] = packed.find(([hex]) => magic(hex)) ?? (isTar ? tar : []);
  return name === undefined ? { kind: 'plain' } : { kind: 'unsupported', problem: name };
}

/** In the first member's header, behind its name and its metadata. */
const tarMagicAt = 257;
const tar = ['', 'it is a tar archive; unpack it first'] as const;

/** Length of the longest magic number at the beginning, bytes. */
export const longestMagic = 6;

const packed: readonly (readonly [magic: string, problem: string])[] = [
  ['504b0304', 'it is a zip archive; unpack it first'],
  ['28b52ffd', 'it is compressed with zstd; decompress it first'],
  ['425a68', 'it is compressed with bzip2; decompress it first'],
  ['fd377a585a00', 'it is compressed with xz; decompress it first'],
];
