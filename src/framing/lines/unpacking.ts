import { constants, inflateRawSync } from 'node:zlib';
import { type Charset, charsetOf } from './charset.ts';
import { type ContentKind, contentKind } from './content-kind.ts';
import { hasReturns, replaceReturns } from './line-ends.ts';

/** How to convert bytes to lines that the engine reads: UTF-8, each ending in a newline. */
export interface Unpacking {
  /** Number of nested gzip layers. */
  readonly inflations: number;
  readonly charset: Charset;
  /** Whether carriage returns end lines. */
  readonly hasReturns: boolean;
}

/** What the first bytes of an input reveal. */
export interface HeadContent {
  readonly kind: ContentKind;
  /** For `unsupported`: what it is and what to do. */
  readonly problem?: string;
  /** The first bytes inflated once, if they are gzip, and otherwise as they are. */
  readonly head: Buffer;
  /** The first lines, in UTF-8. */
  readonly sample: Buffer;
  readonly unpacking: Unpacking;
}

const asItLies: Unpacking = { inflations: 0, charset: 'utf-8', hasReturns: false };

/** Gzip of gzip comes from services that compress compressed data again; four layers do not occur. */
export const mostInflations = 3;
/** Compressed bytes to inflate for the sample: enough for a header and some lines, and cheap for small files. */
export const inflatedBytes = 4 * 1024;

/**
 * Identifies an input by its first bytes.
 * @param inflated the beginning of its content, where it is known
 */
export function readHead(first: Buffer, inflated?: Buffer): HeadContent {
  const { kind, problem } = contentKind(first);
  let inner = first;
  let inflations = 0;
  while (inflations < mostInflations && contentKind(inner).kind === 'gzip') {
    inner = (inflations === 0 && inflated) || inflateHead(inner.subarray(0, inflatedBytes));
    inflations++;
  }
  const head = inflations > 1 ? inflateHead(first.subarray(0, inflatedBytes)) : inner;
  const within = inflations > 0 ? problemWithin(inner) : undefined;
  if (kind !== 'plain' && kind !== 'gzip') {
    return { kind, head, sample: inner, unpacking: asItLies, ...(problem === undefined ? {} : { problem }) };
  }
  const charset = charsetOf(inner);
  const text = decodeText(inner, charset);
  const unpacking = { inflations, charset, hasReturns: hasReturns(text) };
  const sample = unpacking.hasReturns ? replaceReturns(Buffer.from(text)) : text;
  if (within === undefined) return { kind, head, sample, unpacking };
  return { kind: 'unsupported', problem: within, head, sample, unpacking };
}

/** Whether the engine can read the input as stored. */
export function isReadable({ inflations, charset, hasReturns }: Unpacking): boolean {
  return inflations <= 1 && charset === 'utf-8' && !hasReturns;
}

/** For display: `, gzip of gzip, in utf-16le`. */
export function describeUnpacking({ inflations, charset, hasReturns }: Unpacking): string {
  const gzip = inflations > 1 ? `, ${Array(inflations).fill('gzip').join(' of ')}` : '';
  const text = charset === 'utf-8' ? '' : `, in ${charset}`;
  return `${gzip}${text}${hasReturns ? ', lines that end in carriage returns' : ''}`;
}

function problemWithin(inner: Buffer): string | undefined {
  const { kind, problem } = contentKind(inner);
  if (kind === 'gzip') return `it is gzip within gzip, more than ${mostInflations} times; unpack it first`;
  if (kind === 'parquet') return 'it is Parquet within gzip; unpack it first';
  return problem?.replace(/;/, ' within gzip;');
}

/** UTF-16 as UTF-8, without its byte order mark; invalid characters become U+FFFD. */
export function decodeText(bytes: Buffer, charset: Charset): Buffer {
  return charset === 'utf-8' ? bytes : Buffer.from(new TextDecoder(charset).decode(bytes));
}

/** Inflates as much as the head holds; the reader, not the inspection, handles a truncated or broken end. */
function inflateHead(head: Buffer): Buffer {
  const start = gzipHeaderLength(head);
  if (start === undefined) return Buffer.alloc(0);
  try {
    return inflateRawSync(head.subarray(start), {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: 16 * 1024 * 1024,
    });
  } catch {
    return Buffer.alloc(0);
  }
}

/** RFC 1952, section 2.3. */
function gzipHeaderLength(head: Buffer): number | undefined {
  if (head.length < 10) return undefined;
  const flags = head[3] ?? 0;
  let position = 10;
  if (flags & 0x04) position += 2 + (head.length >= 12 ? head.readUInt16LE(10) : 0);
  for (const flag of [0x08, 0x10]) {
    if (flags & flag) {
      const end = head.indexOf(0, position);
      if (end === -1) return undefined;
      position = end + 1;
    }
  }
  if (flags & 0x02) position += 2;
  return position <= head.length ? position : undefined;
}
