import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs } from '../../waiting/backoff.ts';
import type { Pace } from '../pace.ts';
import type { Answer, ErrorCause } from './answer.ts';
import type { Cluster } from './cluster.ts';
import { actionOf, type BulkPart, documentOf, selectDocuments } from './cut-bulk.ts';
import { ClusterFault, explainAnswer, explainCause, isOfOneIndex } from './explain-fault.ts';

/** A document that the cluster will never take as it is. */
export interface Refusal {
  /** See {@link BulkPart.owners}. */
  readonly owner: number;
  /** The lines of its action and of itself. */
  readonly lines: Uint8Array;
  readonly status: number;
  readonly type: string;
  readonly reason: string;
  readonly attempts: number;
}

export interface BulkSending {
  readonly cluster: Cluster;
  readonly pace: Pace;
  readonly signal: AbortSignal;
  /** Whether an index is for a time that is over: while it takes nothing, others may. */
  readonly isPast: (index: string) => boolean;
  /** Called once for each document: it is in its index, now or since an earlier attempt. */
  readonly onTaken: (owner: number, bytes: number) => void;
  /** Called once for each document otherwise. */
  readonly onRefused: (refusal: Refusal) => Promise<void>;
  /** Called when a request of so many bytes is too large for the cluster. */
  readonly onTooLarge: (bytes: number) => void;
}

interface Item {
  readonly status: number;
  readonly error?: ErrorCause;
}

/** Attempts, about half a minute, before the cluster counts as away; then everything is repeated, from the beginning. */
const mostAttempts = 8;
const pauses = { firstMs: 250, longestMs: 10_000 };
const doing = 'create documents';
const path = '/_bulk?filter_path=errors,error,status,message,items.*.status,items.*.error';

/**
 * Creates the documents of a part. What the cluster is too busy for is repeated, and only that.
 * @throws ClusterFault when it takes nothing now
 */
export async function sendBulk(part: BulkPart, sending: BulkSending, attempt = 1): Promise<void> {
  const { cluster, pace, signal, onTooLarge } = sending;
  const round = pace.begin();
  const again = async (left: BulkPart, fault: ClusterFault, retryAfterMs = 0) => {
    if (attempt >= mostAttempts) throw fault;
    await delay(Math.max(retryAfterMs, backoffMs(attempt, pauses)), undefined, { signal });
    await sendBulk(left, sending, attempt + 1);
  };

  let answer: Answer;
  try {
    answer = await cluster.ask('POST', path, signal, { type: 'application/x-ndjson', bytes: part.bytes });
  } catch (cause) {
    if (!(cause instanceof ClusterFault && cause.isPassing)) throw cause;
    pace.pushedBack(round);
    return again(part, cause);
  }
  if (answer.status === 413) {
    onTooLarge(part.bytes.length);
    return sendHalves(part, sending, attempt);
  }
  if (answer.status !== 200) {
    const fault = explainAnswer(cluster.url, doing, answer);
    if (!fault.isPassing) throw fault;
    pace.pushedBack(round);
    return again(part, fault, answer.retryAfterMs);
  }
  const left = await settleItems(part, itemsOf(answer, part), sending, attempt);
  if (left.length === 0) {
    pace.succeeded();
    return;
  }
  pace.pushedBack(round);
  const [first] = left as [(typeof left)[number]];
  const fault = explainAnswer(cluster.url, doing, {
    ...answer,
    status: first.item.status,
    body: { error: first.item.error },
  });
  return again(
    selectDocuments(
      part,
      left.map(({ index }) => index),
    ),
    fault,
    answer.retryAfterMs,
  );
}

/** @returns the documents to send again */
async function settleItems(
  part: BulkPart,
  items: readonly Item[],
  { cluster, isPast, onTaken, onRefused }: BulkSending,
  attempts: number,
): Promise<{ readonly index: number; readonly item: Item }[]> {
  const left: { index: number; item: Item }[] = [];
  for (const [index, item] of items.entries()) {
    const { status, error } = item;
    const owner = part.owners[index] as number;
    // It is there already: an earlier attempt created it.
    if (status < 300 || status === 409) {
      onTaken(owner, documentOf(part, index).length);
      continue;
    }
    const isItsOwn = error !== undefined && isOfOneIndex(error) && isPast(actionOf(documentOf(part, index))._index);
    const fault = isItsOwn ? undefined : explainCause(cluster.url, doing, status, error);
    if (fault) throw fault;
    if (status === 429 || status >= 500) {
      left.push({ index, item });
      continue;
    }
    await onRefused({ owner, lines: documentOf(part, index), status, ...described(error), attempts });
  }
  return left;
}

async function sendHalves(part: BulkPart, sending: BulkSending, attempt: number): Promise<void> {
  const count = part.ends.length;
  if (count === 1) {
    await sending.onRefused({
      owner: part.owners[0] as number,
      lines: part.bytes,
      status: 413,
      type: 'too_large',
      reason: `the request is too large for the cluster with this document alone (${part.bytes.length} bytes)`,
      attempts: attempt,
    });
    return;
  }
  const indexes = part.ends.map((_, index) => index);
  const half = Math.ceil(count / 2);
  await sendBulk(selectDocuments(part, indexes.slice(0, half)), sending, attempt);
  await sendBulk(selectDocuments(part, indexes.slice(half)), sending, attempt);
}

/** The outcomes of all documents, in their order. */
function itemsOf(answer: Answer, { ends }: BulkPart): readonly Item[] {
  const { items } = (answer.body ?? {}) as { items?: readonly Readonly<Record<string, Item>>[] };
  const outcomes = (items ?? []).flatMap((item) => Object.values(item));
  if (outcomes.length === ends.length && outcomes.every(({ status }) => Number.isInteger(status))) return outcomes;
  throw new ClusterFault(
    `cannot deliver: the answer to ${ends.length} documents has ${outcomes.length} outcomes (${answer.text.slice(0, 100)}); check that url is that of OpenSearch or Elasticsearch`,
  );
}

/** With what caused it: the outermost often names only the field. */
function described(error: ErrorCause | undefined): { readonly type: string; readonly reason: string } {
  const reasons: string[] = [];
  for (let cause = error; cause; cause = cause.caused_by) if (cause.reason) reasons.push(cause.reason);
  return { type: error?.type ?? 'unknown', reason: reasons.join(': ') };
}
