import { gunzipSync, type Zlib } from 'node:zlib';
import { decodeLines } from '../../content/unpack-lines.ts';
import { mostInflations } from '../../content/unpacking.ts';
import { splitJsonObjects } from '../../formats/logs/json-objects.ts';

/** The lines that one user record holds, without the newline at their end. */
export interface Payload {
  readonly kind: 'lines' | 'cloudwatch';
  readonly lines: readonly Uint8Array[];
}

/** A compressed record of 1 MiB can hold 1 GiB. */
const maxInflatedBytes = 32 * 1024 * 1024;

/**
 * What a record holds: lines, or messages of a CloudWatch Logs subscription, of which the control messages are left out; as
 * they are, as gzip, or as gzip of gzip. What cannot be inflated becomes one line that says so.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */
export function readPayload(record: Uint8Array): Payload {
  if (!isGzip(record)) return { kind: 'lines', lines: linesOf(record) };
  let inflated: Buffer = Buffer.from(record);
  try {
    for (let times = 0; times < mostInflations && isGzip(inflated); times++) inflated = inflate(inflated);
  } catch (error) {
    return { kind: 'lines', lines: [explainInflation(error, record)] };
  }
  if (!isSubscriptionData(inflated)) return { kind: 'lines', lines: linesOf(inflated) };
  const messages = splitJsonObjects(inflated);
  return { kind: 'cloudwatch', lines: messages.filter((message) => !isControlMessage(message)) };
}

/** @throws Error for damage, for too many bytes, and for others than zeros behind the end, of which zlib says nothing */
function inflate(record: Uint8Array): Buffer {
  const options = { maxOutputLength: maxInflatedBytes, info: true };
  const { buffer, engine } = gunzipSync(record, options) as unknown as { buffer: Buffer; engine: Zlib };
  if (record.subarray(engine.bytesWritten).some((byte) => byte !== 0)) throw new Error('other bytes follow its end');
  return buffer;
}

function isGzip([first, second]: Uint8Array): boolean {
  return first === 0x1f && second === 0x8b;
}

function linesOf(bytes: Uint8Array): readonly Uint8Array[] {
  if (bytes.length === 0) return [];
  const record = decodeLines(bytes);
  // Objects may follow each other without a newline; anything else is lines as they are.
  return record.find((byte) => byte > 0x20) === 0x7b ? splitJsonObjects(record) : [record];
}

function isSubscriptionData(bytes: Buffer): boolean {
  return bytes[0] === 0x7b && isMessage(bytes) && (bytes.includes('"logEvents"') || isControlMessage(bytes));
}

function isMessage(bytes: Buffer): boolean {
  return /^"messageType"\s*:\s*"(DATA|CONTROL)_MESSAGE"/.test(messageType(bytes));
}

function isControlMessage(message: Uint8Array): boolean {
  return /^"messageType"\s*:\s*"CONTROL_/.test(messageType(message));
}

/** Not by JSON.parse: an envelope may hold megabytes. Within a logged message the quotes are escaped. */
function messageType(message: Uint8Array): string {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  const place = bytes.indexOf('"messageType"');
  return place === -1 ? '' : bytes.toString('latin1', place, place + 64);
}

function explainInflation(error: unknown, record: Uint8Array): Uint8Array {
  const isTooLarge = error instanceof RangeError;
  const reason = isTooLarge ? `more than ${maxInflatedBytes} bytes` : error instanceof Error ? error.message : 'broken';
  return Buffer.from(`cannot inflate this gzip record: ${reason}; base64 ${Buffer.from(record).toString('base64')}`);
}
