import type { RecordFault, StreamRecord } from './record-stream.ts';

/** As an answer of Kinesis or Firehose has it, for each record. */
interface Outcome {
  readonly ErrorCode?: string | undefined;
  readonly ErrorMessage?: string | undefined;
}

const silent: Outcome = { ErrorCode: 'InternalFailure', ErrorMessage: 'the answer does not say what became of it' };

/** What an answer says of each record: undefined when it was taken. */
export function readFaults(
  records: readonly StreamRecord[],
  outcomes: readonly Outcome[] = [],
): (RecordFault | undefined)[] {
  return records.map((_, index) => {
    const { ErrorCode: code, ErrorMessage: message = '' } = outcomes[index] ?? silent;
    return code === undefined ? undefined : { code, message };
  });
}
