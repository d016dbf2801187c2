import { setTimeout as pause } from 'node:timers/promises';
import type { StartingPosition, SubscribeToShardEventStream } from '@aws-sdk/client-kinesis';
import { withDeadline } from '../../waiting/deadline.ts';
import type { Allowance } from '../aws/allowance.ts';
import { failureKind } from '../aws/failure-kind.ts';
import type { FanOut } from './fan-out.ts';
import type { Stream } from './open-stream.ts';
import type { Position } from './position.ts';
import { heldBytes, readRecord, type ShardPage } from './shard-page.ts';

/** Largest event. */
const maxEventBytes = 2 * 1024 * 1024;
/** The service allows one call a second per shard. */
const betweenCallsMs = 1000;
/** An idle shard sends empty events every few seconds. */
const silenceMs = 35_000;

/**
 * The records of a shard from a position to the shard's end, pushed over HTTP/2. A subscription lasts five minutes, and
 * is renewed then and when it breaks.
 * @param budget taken for every page; the receiver of the page gives it back
 * @throws the signal's reason; the SDK's error when consumer or shard are missing; Error that needs manual action
 */
export async function* subscribeShard(
  stream: Stream,
  fanOut: FanOut,
  shardId: string,
  from: Position,
  budget: Allowance,
  signal: AbortSignal,
): AsyncGenerator<ShardPage> {
  let position = from;
  let stored = typeof from === 'object' && 'after' in from ? from.after : '';
  for (;;) {
    const askedAt = new Date();
    const closing = new AbortController();
    const close = () => closing.abort(signal.reason);
    signal.addEventListener('abort', close, { once: true });
    try {
      const events = await subscribe(stream, fanOut, shardId, position, closing.signal);
      // A repeated `LATEST` would mean a later position.
      if (position === 'LATEST') position = askedAt;
      for (;;) {
        const event = await takeEvent(events, stored, budget, closing.signal);
        if (!event) break;
        stored = event.page.records.at(-1)?.sequence ?? stored;
        if (event.continuation) position = { after: event.continuation };
        yield event.page;
        if (event.isLast) return;
      }
    } catch (error) {
      signal.throwIfAborted();
      if (failureKind(error) !== 'passing') throw error;
      stream.activity.retries++;
    } finally {
      signal.removeEventListener('abort', close);
      close();
    }
    await pause(Math.max(0, askedAt.getTime() + betweenCallsMs - Date.now()), undefined, { signal });
  }
}

type Events = AsyncIterator<SubscribeToShardEventStream>;

async function subscribe(
  stream: Stream,
  { client, consumerArn }: FanOut,
  shardId: string,
  position: Position,
  signal: AbortSignal,
): Promise<Events> {
  const { SubscribeToShardCommand } = await import('@aws-sdk/client-kinesis');
  const start = startingPosition(position);
  const command = new SubscribeToShardCommand({ ConsumerARN: consumerArn, ShardId: shardId, StartingPosition: start });
  const reply = await stream.call('SubscribeToShard', signal, (_, options) => client.send(command, options));
  if (!reply.EventStream) throw new Error(`BUG: a subscription to ${shardId} without events`);
  return reply.EventStream[Symbol.asyncIterator]();
}

function startingPosition(position: Position): StartingPosition {
  if (typeof position === 'string') return { Type: position };
  if (position instanceof Date) return { Type: 'AT_TIMESTAMP', Timestamp: position };
  return { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: position.after };
}

interface ShardEvent {
  readonly page: ShardPage;
  /** Where to continue. */
  readonly continuation: string | undefined;
  readonly isLast: boolean;
}

/**
 * @param stored the last record received before: a new subscription may repeat records of the previous one
 * @returns undefined when the subscription has ended
 */
async function takeEvent(
  events: Events,
  stored: string,
  budget: Allowance,
  signal: AbortSignal,
): Promise<ShardEvent | undefined> {
  await budget.take(maxEventBytes, signal);
  let held = 0;
  try {
    const { value, done } = await withinSilence(events.next(), signal);
    if (done) return undefined;
    const { Records, MillisBehindLatest, ContinuationSequenceNumber, ChildShards } = value.SubscribeToShardEvent ?? {};
    const records = (Records ?? []).map(readRecord).filter(({ sequence }) => isAfter(sequence, stored));
    held = heldBytes(records);
    const children = (ChildShards ?? []).map(({ ShardId = '' }) => ShardId);
    return {
      page: { records, behindMs: MillisBehindLatest, children },
      continuation: ContinuationSequenceNumber,
      // AWS sends no continuation then; a local server does, and sends the children before the last records.
      isLast: !ContinuationSequenceNumber || (children.length > 0 && !Records?.length),
    };
  } finally {
    budget.give(maxEventBytes - held);
  }
}

/** Both are decimal numbers without leading zeros. */
function isAfter(sequence: string, other: string): boolean {
  return sequence.length === other.length ? sequence > other : sequence.length > other.length;
}

/** Times out, because a silently dead connection would wait for ever. */
async function withinSilence<T>(next: Promise<T>, signal: AbortSignal): Promise<T> {
  const onSilence = () => {
    throw Object.assign(new Error(`no event for ${silenceMs} ms`), { name: 'TimeoutError' });
  };
  const onAbort = () => {
    throw signal.reason;
  };
  const spoken = withDeadline(next, { afterMs: silenceMs, onLate: onSilence });
  return withDeadline(spoken, { afterMs: 0, from: signal, onLate: onAbort });
}
