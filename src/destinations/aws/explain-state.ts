import { type AwsCall, explain } from '../../sources/aws/explain-failure.ts';
import { failureKind, isNamed } from '../../sources/aws/failure-kind.ts';
import type { RecordStream } from './record-stream.ts';

/** What to do about a stream that takes no records, by the beginning of its state. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [/^CREATING$/, 'it is still being created; wait, delivery begins by itself'],
  [/^CREATING_FAILED$/, 'it could not be created; see why, delete it and create it again'],
  [/^DELETING/, 'it is being deleted; create it again, or remove the destination'],
];

/** Why a stream in this state takes no records; undefined when it does. */
export function explainState({ what }: AwsCall, state: string): Error | undefined {
  const remedy = remedies.find(([states]) => states.test(state))?.[1];
  return remedy === undefined ? undefined : new Error(`cannot ${what}: ${remedy}`);
}

/** With the state of the stream, when it may be the cause: a stream that is being created answers as one that is missing. */
export async function explainPut(stream: RecordStream, error: unknown, signal: AbortSignal): Promise<Error> {
  const mayBeState = failureKind(error) === 'missing' || isNamed(error, /^ResourceInUseException$/);
  const state = mayBeState ? await stream.state(signal).catch(() => '') : '';
  signal.throwIfAborted();
  return explainState(stream.call, state) ?? explain(error, stream.call);
}
