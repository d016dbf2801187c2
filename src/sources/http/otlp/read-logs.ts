import { ByteBlocks } from '../../../framing/records/byte-blocks.ts';
import { logRecordLine, type RecordOrigin, readRecordOrigin } from './log-record-line.ts';
import { decoderOf } from './otlp-messages.ts';
import { fieldsOf, listOf } from './plain-value.ts';

/**
 * Limit of one request's records as lines: each line repeats its resource and scope, so a small request could otherwise
 * expand to any number of bytes.
 */
export const maxLinesBytes = 128 * 1024 * 1024;

/** The lines exceed {@link maxLinesBytes}. */
export class TooManyLinesError extends Error {}

export interface OtlpLogs {
  readonly lines: ByteBlocks;
  /** Number of damaged records. */
  readonly refused: number;
}

/** `ExportLogsServiceRequest` in protobuf. @throws when the bytes are not one */
export async function readProtobufLogs(bytes: Uint8Array): Promise<OtlpLogs> {
  const decode = await decoderOf('ExportLogsServiceRequest');
  const decodeRecord = await decoderOf('LogRecord');
  return readRequest(decode(bytes), (record) => decodeRecord(record as Uint8Array));
}

/** The same in OTLP's own JSON. @throws when the bytes are not one */
export async function readJsonLogs(bytes: Buffer): Promise<OtlpLogs> {
  return readRequest(JSON.parse(bytes.toString()), (record) => record);
}

function readRequest(request: unknown, readRecord: (record: unknown) => unknown): OtlpLogs {
  const { resourceLogs = [] } = fieldsOf(request);
  if (typeof request !== 'object' || request === null || !Array.isArray(resourceLogs)) {
    throw new TypeError('it has no resourceLogs');
  }
  const lines = new ByteBlocks();
  let refused = 0;
  for (const { resource, scopeLogs } of resourceLogs.map(fieldsOf)) {
    for (const { scope, logRecords } of listOf(scopeLogs).map(fieldsOf)) {
      const origin = readRecordOrigin(resource, scope);
      for (const record of listOf(logRecords)) {
        const line = recordLine(record, readRecord, origin);
        if (line === undefined) refused++;
        else if (lines.length + line.length > maxLinesBytes) throw new TooManyLinesError();
        else lines.append(line);
      }
    }
  }
  return { lines, refused };
}

/** @returns undefined for a damaged record */
function recordLine(
  record: unknown,
  readRecord: (record: unknown) => unknown,
  origin: RecordOrigin,
): Uint8Array | undefined {
  try {
    return Buffer.from(logRecordLine(readRecord(record), origin));
  } catch {
    return undefined;
  }
}
