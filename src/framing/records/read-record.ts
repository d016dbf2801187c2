import { gunzipSync, type Zlib } from 'node:zlib';
import { openBrace } from '../json/ascii.ts';
import { skipMembers, skipSpace } from '../json/json-bytes.ts';
import { splitJsonObjects } from '../json/json-objects.ts';
import { decodeLines } from '../lines/unpack-lines.ts';
import { mostInflations } from '../lines/unpacking.ts';

/** A part of a record: lines, or one data message of a CloudWatch Logs subscription. */
export interface RecordPart {
  readonly kind: 'lines' | 'cloudwatch';
  /** In UTF-8; the newline at the end may be missing. */
  readonly bytes: Uint8Array;
}

/** A compressed record of 1 MiB can hold 1 GiB. */
const maxInflatedBytes = 32 * 1024 * 1024;

/**
 * The content of a stream record from any service: text (lines, or JSON objects with or without a separator
 * between them), gzip of text, or gzip of that. Control messages of CloudWatch Logs subscriptions are dropped. A record
 * that cannot be inflated becomes one line with the error and the record's bytes.
 */
export function readRecord(record: Uint8Array): RecordPart[] {
  let inner = record;
  try {
    for (let times = 0; times < mostInflations && isGzip(inner); times++) inner = inflate(inner);
  } catch (error) {
    return [{ kind: 'lines', bytes: explainInflation(error, record) }];
  }
  const text = decodeLines(inner);
  if (text.length === 0) return [];
  if (text[skipSpace(text, 0)] !== openBrace) return [{ kind: 'lines', bytes: text }];
  return splitJsonObjects(text).flatMap((bytes): RecordPart[] => {
    const type = messageType(bytes);
    // A probe of the destination.
    if (type === 'CONTROL_MESSAGE') return [];
    return [{ kind: type === 'DATA_MESSAGE' ? 'cloudwatch' : 'lines', bytes }];
  });
}

/** @throws Error for damage, for too many bytes, and for trailing bytes other than zeros, which zlib ignores */
function inflate(record: Uint8Array): Buffer {
  const options = { maxOutputLength: maxInflatedBytes, info: true };
  const { buffer, engine } = gunzipSync(record, options) as unknown as { buffer: Buffer; engine: Zlib };
  if (record.subarray(engine.bytesWritten).some((byte) => byte !== 0)) throw new Error('other bytes follow its end');
  return buffer;
}

function isGzip([first, second, third]: Uint8Array): boolean {
  return first === 0x1f && second === 0x8b && third === 0x08;
}

/**
 * The type of a subscription's message. Avoids JSON.parse, because an envelope may hold megabytes.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */
function messageType(object: Uint8Array): 'DATA_MESSAGE' | 'CONTROL_MESSAGE' | undefined {
  const bytes = Buffer.from(object.buffer, object.byteOffset, object.byteLength);
  if (!bytes.includes('"messageType"') || !bytes.includes('"logEvents"')) return undefined;
  const found = new Map<string, string>();
  skipMembers(bytes, skipSpace(bytes, 0), (keyStart, keyEnd, valueStart, valueEnd) => {
    const value = bytes.toString('latin1', valueStart, Math.min(valueEnd, valueStart + 32));
    found.set(bytes.toString('latin1', keyStart, keyEnd), value);
  });
  if (!found.has('"logEvents"')) return undefined;
  const types = ['DATA_MESSAGE', 'CONTROL_MESSAGE'] as const;
  return types.find((type) => found.get('"messageType"') === `"${type}"`);
}

function explainInflation(error: unknown, record: Uint8Array): Uint8Array {
  const isTooLarge = error instanceof RangeError;
  const reason = isTooLarge ? `more than ${maxInflatedBytes} bytes` : error instanceof Error ? error.message : 'broken';
  return Buffer.from(`cannot inflate this gzip record: ${reason}; base64 ${Buffer.from(record).toString('base64')}`);
}
