import { type DeliveryBook, recordDelivery } from '../deliveries/delivery-book.ts';
import { judgeAttempt } from '../deliveries/judge-attempt.ts';
import type { Bell } from '../destinations/bell.ts';
import { type AlertBook, readWaiting, type Waiting } from './alert-book.ts';
import type { NamedReceiver } from './alert-plan.ts';
import type { Message } from './message.ts';

/** Since the start of this process. */
export interface DeliveryCounts {
  delivered: number;
  /** Attempts that failed. */
  failed: number;
  /** Messages that were given up. */
  dead: number;
  /** Messages that wait now. */
  waiting: number;
  problem: string | undefined;
}

export function noDeliveries(): DeliveryCounts {
  return { delivered: 0, failed: 0, dead: 0, waiting: 0, problem: undefined };
}

export interface DeliverOptions {
  readonly count: DeliveryCounts;
  /** Rings when there may be something to tell. */
  readonly bell: Bell;
  readonly onEvent: (text: string) => void;
  readonly signal: AbortSignal;
}

/** How often messages are looked for that nobody has rung for: those of others, and those that are replayed. */
const lookEveryMs = 30_000;
/** Messages that are looked at together. */
const mostWaiting = 500;

/**
 * Tells a receiver what waits for it, until the signal aborts. Messages about one instance keep their order. Each receiver
 * has a loop of its own: one that hangs keeps no other waiting.
 * @throws what the store throws
 */
export async function deliverMessages(
  book: AlertBook,
  receiver: NamedReceiver,
  options: DeliverOptions,
): Promise<void> {
  const { bell, signal } = options;
  const notBefore = new Map<string, number>();
  const deliveries: DeliveryBook = { ...book, table: 'alert_deliveries' };
  while (!signal.aborted) {
    const waiting = await readWaiting(book.engine, receiver.name, mostWaiting);
    if (await deliverOnce(deliveries, receiver, waiting, notBefore, options)) continue;
    const next = waiting.map(({ key }) => notBefore.get(key) ?? 0).filter((at) => at > performance.now());
    await bell.rung(Math.min(lookEveryMs, ...next.map((at) => at - performance.now())), signal);
  }
}

/** @returns whether something was delivered or given up, so that something else may be due now */
async function deliverOnce(
  book: DeliveryBook,
  { name, receiver, giveUpAfterMs }: NamedReceiver,
  waiting: readonly Waiting[],
  notBefore: Map<string, number>,
  { count, onEvent, signal }: DeliverOptions,
): Promise<boolean> {
  count.waiting = waiting.length;
  if (waiting.length === 0) count.problem = undefined;
  const held = new Set<string>();
  let isDone = false;
  for (const one of waiting) {
    const instance = one.key.split('-').slice(0, -2).join('-');
    if (signal.aborted || held.has(instance)) continue;
    if ((notBefore.get(one.key) ?? 0) > performance.now()) {
      held.add(instance);
      continue;
    }
    const attempt = one.attempts + 1;
    const outcome = await receiver.deliver(JSON.parse(one.message) as Message, signal);
    const { state, problem, pauseMs } = judgeAttempt({ ...one, attempt, giveUpAfterMs }, outcome);
    await recordDelivery(book, { key: one.key, receiver: name, attempt, state, problem });
    if (state === 'failed') {
      count.failed++;
      count.problem = problem;
      notBefore.set(one.key, performance.now() + pauseMs);
      held.add(instance);
      continue;
    }
    notBefore.delete(one.key);
    count.waiting--;
    isDone = true;
    if (state === 'delivered') {
      count.delivered++;
      count.problem = undefined;
    } else {
      count.dead++;
      count.problem = problem;
      onEvent(`${name}: the message ${one.key} is given up: ${problem}; send it again with "tailrace alerts replay"`);
    }
  }
  return isDone;
}
