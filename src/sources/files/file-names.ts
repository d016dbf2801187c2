import { isUtf8 } from 'node:buffer';
import { type Dirent, readdir } from 'node:fs';

/**
 * Decodes a file name, which is bytes, to text. One that is not UTF-8 gets a lone surrogate for each byte above 127
 * (like Python's `surrogateescape`): patterns match its other characters, no other name has the same text, and
 * {@link isDecoded} detects it. Node cannot open such a file by its text.
 */
export function decodeName(name: Buffer): string {
  if (isUtf8(name)) return name.toString();
  return Array.from(name, (byte) => String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)).join('');
}

type FolderCallback = (error: NodeJS.ErrnoException | null, entries: Dirent[]) => void;

/**
 * Reads a folder like `fs.readdir`, with names from {@link decodeName}. An entry with a name that is not UTF-8 and that
 * is not a folder counts as a file, even a link, which could not be followed, so that it is reported.
 */
export function readFolder(folder: string, callback: FolderCallback): void {
  readdir(folder, { withFileTypes: true, encoding: 'buffer' }, (error, entries) => {
    if (error) return callback(error, []);
    callback(null, entries.map(withDecodedName));
  });
}

function withDecodedName(entry: Dirent<Buffer>): Dirent {
  const name = decodeName(entry.name);
  const isOdd = !isDecoded(name) && !entry.isDirectory();
  return Object.assign(entry as unknown as Dirent, {
    name,
    ...(isOdd ? { isFile: () => true, isSymbolicLink: () => false } : {}),
  });
}

/** Whether all names in a path are UTF-8. */
export function isDecoded(path: string): boolean {
  return !/\p{Surrogate}/u.test(path);
}

/**
 * Problem of a path with a name that is not UTF-8: the books name objects by text, and two such names could have the
 * same text. The path is quoted for shells, so that it can be pasted.
 */
export function undecodable(path: string): string {
  return `the name ${quotePath(path)} is not UTF-8; rename it, for example with mv or convmv`;
}

/** `$'/logs/caf\xe9.log'` */
function quotePath(path: string): string {
  const quoted = path.replace(/[\\'\p{Cc}\p{Cs}]/gu, (character) => {
    if (character === '\\' || character === "'") return `\\${character}`;
    const byte = character.charCodeAt(0) & 0xff;
    return `\\x${byte.toString(16).padStart(2, '0')}`;
  });
  return `$'${quoted}'`;
}
