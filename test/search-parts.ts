import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateZstd } from '../src/sources/http/inflate/inflate-zstd.ts';

/** Files under a folder that hold the bytes, as they are or in the engine's compressed blocks; relative paths. */
export async function filesWith(folder: string, text: string): Promise<string[]> {
  const needle = Buffer.from(text);
  const found: string[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = readFileSync(path);
    const has = bytes.includes(needle) || (await blocksOf(bytes)).some((block) => block.includes(needle));
    if (has) found.push(path.slice(folder.length + 1));
  }
  return found;
}

async function unpackZstd(packed: Buffer): Promise<Buffer> {
  const hold = { add: () => {}, free: () => {}, release: () => {} };
  const source = (async function* () {
    yield packed;
  })();
  const pieces: Uint8Array[] = [];
  for await (const piece of inflateZstd(source, hold)) pieces.push(piece);
  return Buffer.concat(pieces);
}

const headBytes = 9;
const checksumBytes = 16;

/** Each block: a checksum, the method, both sizes, the bytes. Other files have none. */
async function blocksOf(bytes: Buffer): Promise<Buffer[]> {
  const blocks: Buffer[] = [];
  for (let at = checksumBytes; at + headBytes <= bytes.length; ) {
    const method = bytes[at];
    const size = bytes.readUInt32LE(at + 1);
    const plain = bytes.readUInt32LE(at + 5);
    if (size < headBytes || at + size > bytes.length) return blocks;
    const packed = bytes.subarray(at + headBytes, at + size);
    if (method === 0x90) blocks.push(await unpackZstd(packed));
    else if (method === 0x82) blocks.push(unpackLz4(packed, plain));
    else if (method === 0x02) blocks.push(packed);
    // Numbers have others.
    at += size + checksumBytes;
  }
  return blocks;
}

/** https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md */
function unpackLz4(packed: Buffer, size: number): Buffer {
  const out = Buffer.alloc(size);
  let to = 0;
  let at = 0;
  const length = (first: number) => {
    let total = first;
    if (first < 15) return total;
    let more: number;
    do {
      more = packed[at++] ?? 0;
      total += more;
    } while (more === 255);
    return total;
  };
  while (at < packed.length) {
    const token = packed[at++] ?? 0;
    const literals = length(token >> 4);
    packed.copy(out, to, at, at + literals);
    at += literals;
    to += literals;
    if (at >= packed.length) break;
    const offset = packed.readUInt16LE(at);
    at += 2;
    const copied = length(token & 15) + 4;
    for (let done = 0; done < copied; done++, to++) out[to] = out[to - offset] ?? 0;
  }
  return out;
}
