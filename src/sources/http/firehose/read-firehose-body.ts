import { backslash, openBrace, openBracket, quote } from '../../../framing/json/ascii.ts';
import { broken, elementsOf, skipMembers, skipSpace } from '../../../framing/json/json-bytes.ts';
import { decodeBase64InPlace } from '../../../framing/records/decode-base64.ts';
import type { FirehoseRecord } from '../../aws/firehose-deliveries.ts';

export interface FirehoseBody {
  readonly requestId: string | undefined;
  /** Milliseconds since 1970. */
  readonly timestampMs: number | undefined;
  /**
   * Can be read once: each record is decoded in place. Empty records are legal and skipped.
   * `isDecoded` is false for a record that is not base64, which is returned unchanged.
   */
  readonly records: Iterable<FirehoseRecord>;
}

/**
 * `{"requestId": "…", "timestamp": ms, "records": [{"data": "<base64>"}, …]}`, up to 86 MiB, read without strings.
 * https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html
 *
 * @returns undefined when the body is anything else
 */
export function readFirehoseBody(bytes: Buffer): FirehoseBody | undefined {
  const start = skipSpace(bytes, 0);
  if (bytes[start] !== openBrace) return undefined;
  let requestId: unknown;
  let timestamp: unknown;
  let records = broken;
  const end = skipMembers(bytes, start, (keyStart, keyEnd, valueStart, valueEnd) => {
    switch (bytes.toString('latin1', keyStart, keyEnd)) {
      case '"requestId"':
        requestId = parse(bytes, valueStart, valueEnd);
        break;
      case '"timestamp"':
        timestamp = parse(bytes, valueStart, valueEnd);
        break;
      case '"records"':
        records = bytes[valueStart] === openBracket ? valueStart : broken;
    }
  });
  if (end === broken || skipSpace(bytes, end) !== bytes.length || records === broken) return undefined;
  return {
    requestId: typeof requestId === 'string' ? requestId : undefined,
    timestampMs: typeof timestamp === 'number' && timestamp > 0 ? timestamp : undefined,
    records: decodeRecords(bytes, records),
  };
}

function* decodeRecords(bytes: Buffer, at: number): Generator<{ data: Uint8Array; isDecoded: boolean }> {
  for (const [start, end] of elementsOf(bytes, at)) {
    const text = findData(bytes, start);
    if (text === undefined) {
      yield { data: bytes.subarray(start, end), isDecoded: false };
    } else if (text.length > 0) {
      const data = decodeBase64InPlace(text);
      yield { data: data ?? text, isDecoded: data !== undefined };
    }
  }
}

/** The characters of a record's `data`, without quotes; undefined when it has none. */
function findData(bytes: Buffer, at: number): Uint8Array | undefined {
  let text: Uint8Array | undefined;
  if (bytes[at] !== openBrace) return undefined;
  skipMembers(bytes, at, (keyStart, keyEnd, valueStart, valueEnd) => {
    if (bytes[valueStart] !== quote || bytes.toString('latin1', keyStart, keyEnd) !== '"data"') return;
    text = bytes.subarray(valueStart + 1, valueEnd - 1);
    // Some JSON encoders escape the slash or the equals sign.
    if (text.includes(backslash)) text = Buffer.from(String(parse(bytes, valueStart, valueEnd)));
  });
  return text;
}

/** @returns undefined for a string with an invalid JSON escape */
function parse(bytes: Buffer, start: number, end: number): unknown {
  try {
    return JSON.parse(bytes.toString('utf8', start, end));
  } catch {
    return undefined;
  }
}
