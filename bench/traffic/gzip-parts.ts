import { constants, crc32, deflateRawSync } from 'node:zlib';
import { joinCrc32 } from './crc32-join.ts';

/** A stretch of a gzip member's body, compressed without knowledge of its neighbours, ending at a byte border. */
export interface GzipPart {
  readonly deflated: Uint8Array;
  readonly rawBytes: number;
  readonly crc: number;
}

export const gzipHeader = Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);

export function compressPart(raw: Buffer): GzipPart {
  return {
    deflated: deflateRawSync(raw, { finishFlush: constants.Z_SYNC_FLUSH, level: 6 }),
    rawBytes: raw.length,
    crc: crc32(raw),
  };
}

/** Tracks the written parts of a member, to finish it. */
export function createGzipTrailer(): { add(part: GzipPart): void; end(): Buffer } {
  let crc = 0;
  let rawBytes = 0;
  return {
    add(part) {
      crc = joinCrc32(crc, part.crc, part.rawBytes);
      rawBytes += part.rawBytes;
    },
    /** An empty final block, then the checksum and the length modulo 2^32. */
    end() {
      const trailer = Buffer.alloc(10);
      trailer[0] = 3;
      trailer.writeUInt32LE(crc, 2);
      trailer.writeUInt32LE(rawBytes % 0x1_0000_0000, 6);
      return trailer;
    },
  };
}
