import { setTimeout as delay } from 'node:timers/promises';
import { describeFailure, failureKind, isNamed } from '../../sources/aws/failure-kind.ts';
import { backoffMs } from '../../waiting/backoff.ts';
import type { Pace } from '../pace.ts';
import { explainPut } from './explain-state.ts';
import type { RecordFault, RecordSizes, RecordStream, StreamRecord } from './record-stream.ts';

/** A record that the stream will never take. */
export interface Refusal {
  readonly record: StreamRecord;
  readonly fault: RecordFault;
  readonly attempts: number;
}

export interface RecordPutting {
  readonly stream: RecordStream;
  readonly sizes: RecordSizes;
  readonly pace: Pace;
  readonly signal: AbortSignal;
  /** Called once for each record that is in the stream. */
  readonly onTaken: (record: StreamRecord) => void;
  /** Called once for each record otherwise. */
  readonly onRefused: (refusal: Refusal) => Promise<void>;
  /** Called when the stream has pushed back for a while. */
  readonly onThrottled: (fault: string) => void;
}

/** Attempts in a row without any record taken, about half a minute, before the stream counts as away. */
const mostFutile = 8;
const pauses = { firstMs: 250, longestMs: 10_000 };
/** Attempts after which push-back is no longer a moment's. */
const patientAttempts = 5;
const throttling = /Throughput|Throttl|LimitExceeded|ServiceUnavailable/;

/**
 * Puts records. Those that were not taken are put again, and only those: nothing else keeps a stream from having a record
 * twice. While some are taken, there is no end of attempts.
 * @throws Error with a remedy when the stream takes nothing now
 */
export async function putRecords(records: readonly StreamRecord[], putting: RecordPutting): Promise<void> {
  const { stream, sizes, pace, signal, onTaken, onRefused, onThrottled } = putting;
  let left = records;
  for (let attempt = 1, futile = 1; ; attempt++) {
    const [first] = left as [StreamRecord];
    if (sizes.sizeOf(first) > sizes.most) {
      return onRefused({ record: first, fault: tooLarge(sizes.sizeOf(first), sizes.most), attempts: 0 });
    }
    const round = pace.begin();
    const outcome = await stream.put(left, signal).catch((error: unknown) => ({ error }));
    signal.throwIfAborted();
    let error: unknown;
    if ('error' in outcome) {
      error = outcome.error;
      const kind = failureKind(error);
      if (kind === 'odd' && sizes.sizeOf(first) > sizes.usual) {
        const fault = { code: (error as Error).name, message: describeFailure(error) };
        return onRefused({ record: first, fault, attempts: attempt });
      }
      if (kind !== 'passing') throw await explainPut(stream, error, signal);
      futile++;
    } else {
      const faults = outcome.filter((fault) => fault !== undefined);
      for (const [index, record] of left.entries()) if (outcome[index] === undefined) onTaken(record);
      const [fault] = faults;
      if (fault === undefined) return pace.succeeded();
      error = Object.assign(new Error(fault.message), { name: fault.code });
      futile = faults.length < left.length ? 1 : futile + 1;
      left = left.filter((_, index) => outcome[index] !== undefined);
    }
    pace.pushedBack(round);
    if (futile > mostFutile) throw await explainPut(stream, error, signal);
    if (attempt >= patientAttempts && isNamed(error, throttling)) onThrottled(describeFailure(error));
    await delay(backoffMs(futile, pauses), undefined, { signal });
  }
}

function tooLarge(bytes: number, most: number): RecordFault {
  return { code: 'RecordTooLarge', message: `a row of ${bytes} bytes is larger than a record may be, ${most}` };
}
