import type { AwsAccess } from '../../sources/aws/client-options.ts';
import type { AwsCall } from '../../sources/aws/explain-failure.ts';

/** Where a stream is, and who puts records into it. */
export interface StreamPlace extends AwsAccess {
  /** Name or ARN. */
  readonly stream: string;
}

/** Rows of one batch and one table, as a record of a stream. */
export interface StreamRecord {
  /** The same whenever the same rows are put. */
  readonly key: string;
  /** JSON lines. */
  readonly lines: Uint8Array;
  readonly rows: number;
  /** Which batch of the shipment they belong to. */
  readonly owner: number;
}

/** Why a record was not taken. */
export interface RecordFault {
  readonly code: string;
  readonly message: string;
}

/** How large a record may be, in bytes, with its key where the service counts it. */
export interface RecordSizes {
  /** No stream takes more. */
  readonly most: number;
  /** What every stream takes; a larger record is put alone, and may be refused. */
  readonly usual: number;
  sizeOf(record: StreamRecord): number;
}

/** A stream of AWS that takes records, many with each request. */
export interface RecordStream {
  /** Putting records. */
  readonly call: AwsCall;
  /** What to do when it takes less than there is. */
  readonly throttlingRemedy: string;
  /**
   * One request, without retries.
   * @returns in the order of the records, the faults of those that were not taken
   * @throws the SDK's error when none was taken
   */
  put(records: readonly StreamRecord[], signal: AbortSignal): Promise<readonly (RecordFault | undefined)[]>;
  /** `CREATING`, `ACTIVE` and so on. @throws the SDK's error */
  state(signal: AbortSignal): Promise<string>;
  close(): void;
}
