import type { Bell } from '../destinations/bell.ts';
import { pauseAfter } from '../webhooks/send-webhook.ts';
import { type AlertBook, readWaiting, recordDelivery, type Waiting } from './alert-book.ts';
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

export interface DeliverOptions {
  readonly counts: Map<string, DeliveryCounts>;
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
 * Tells each receiver what waits for it, until the signal aborts. Messages about one instance keep their order; a receiver
 * that fails keeps no other waiting.
 * @throws what the store throws
 */
export async function deliverMessages(
  book: AlertBook,
  receivers: readonly NamedReceiver[],
  options: DeliverOptions,
): Promise<void> {
  const { counts, bell, signal } = options;
  for (const { name } of receivers) {
    if (!counts.has(name)) counts.set(name, { delivered: 0, failed: 0, dead: 0, waiting: 0, problem: undefined });
  }
  const notBefore = new Map<string, number>();
  while (!signal.aborted) {
    const names = receivers.map(({ name }) => name);
    const waiting = names.length === 0 ? [] : await readWaiting(book.engine, names, mostWaiting);
    const passes = await Promise.all(
      receivers.map((receiver) => {
        const own = waiting.filter((one) => one.receiver === receiver.name);
        return deliverOwn(book, receiver, own, notBefore, options);
      }),
    );
    if (passes.some((isDone) => isDone)) continue;
    const next = waiting.map((one) => notBefore.get(idOf(one)) ?? 0).filter((at) => at > performance.now());
    await bell.rung(Math.min(lookEveryMs, ...next.map((at) => at - performance.now())), signal);
  }
}

/** @returns whether something was delivered or given up, so that something else may be due now */
async function deliverOwn(
  book: AlertBook,
  { name, receiver, giveUpAfterMs }: NamedReceiver,
  waiting: readonly Waiting[],
  notBefore: Map<string, number>,
  { counts, onEvent, signal }: DeliverOptions,
): Promise<boolean> {
  const count = counts.get(name);
  if (!count) throw new Error(`BUG: nobody counts for the receiver ${name}`);
  count.waiting = waiting.length;
  if (waiting.length === 0) count.problem = undefined;
  const held = new Set<string>();
  let isDone = false;
  for (const one of waiting) {
    const instance = one.key.split('-').slice(0, -2).join('-');
    if (signal.aborted || held.has(instance)) continue;
    if ((notBefore.get(idOf(one)) ?? 0) > performance.now()) {
      held.add(instance);
      continue;
    }
    const attempt = one.attempts + 1;
    const outcome = await receiver.deliver(JSON.parse(one.message) as Message, signal);
    const isOld = Date.now() - one.writtenAtMs > giveUpAfterMs;
    const state = outcome.kind === 'taken' ? 'delivered' : outcome.kind === 'refused' || isOld ? 'dead' : 'failed';
    const problem = outcome.kind === 'taken' ? '' : outcome.reason;
    await recordDelivery(book, { key: one.key, receiver: name, attempt, state, problem });
    if (state === 'failed') {
      count.failed++;
      count.problem = problem;
      notBefore.set(idOf(one), performance.now() + pauseAfter(attempt, outcome.kind === 'later' ? outcome : {}));
      held.add(instance);
      continue;
    }
    notBefore.delete(idOf(one));
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

function idOf({ receiver, key }: Waiting): string {
  return `${receiver} ${key}`;
}
