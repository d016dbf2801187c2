import { decodeBase64InPlace } from '../../framing/records/decode-base64.ts';
import type { FirehoseRecord } from '../aws/firehose-deliveries.ts';

/** A record that Amazon Data Firehose could not process or deliver. */
export interface FailedRecord extends FirehoseRecord {
  /** When Firehose received it, milliseconds since 1970. */
  readonly arrivedAtMs: number | undefined;
  /** As Firehose says; empty when it does not. */
  readonly errorCode: string;
  /** Destination of Tailrace whose backup it is from: its row is in the store. */
  readonly destination: string | undefined;
}

/**
 * Reads a line of Firehose's error output: a Lambda function that failed, OpenSearch, Splunk or an HTTP endpoint that did
 * not take it, a conversion to Parquet. Samples have numbers where templates have texts.
 * https://docs.aws.amazon.com/firehose/latest/dev/retry.html
 * @returns undefined for any other line
 */
export function readFailedRecord(line: string): FailedRecord | undefined {
  const record = parse(line);
  const rawData = record?.rawData;
  const code = record?.errorCode ?? record?.lastErrorCode;
  if (typeof rawData !== 'string' || (code === undefined && record?.attemptsMade === undefined)) return undefined;
  const arrivedAtMs = Number(record?.arrivalTimestamp);
  const decoded = decodeBase64InPlace(Buffer.from(rawData));
  return {
    data: decoded ?? Buffer.from(rawData),
    isDecoded: decoded !== undefined,
    arrivedAtMs: arrivedAtMs > 0 ? arrivedAtMs : undefined,
    errorCode: String(code ?? ''),
    destination: typeof record?.tailraceDestination === 'string' ? record.tailraceDestination : undefined,
  };
}

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
