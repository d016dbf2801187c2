import type { Engine } from '../engine/engine.ts';
import { readObjectName } from '../formats/object-name.ts';
import { addBooks, type Books, emptyBooks } from '../ledger/books.ts';
import { claimInput } from '../ledger/claim-input.ts';
import { findRejects, type RejectedLines, type RejectSelection, readRejects } from '../ledger/kept-rejects.ts';
import { newestBatch } from '../ledger/newest-batch.ts';
import type { Receipt, Sink } from '../sources/source.ts';
import type { BatchContext } from './batch-context.ts';

/** What became of the replayed lines. */
export interface Replayed extends Books {
  /** Objects whose lines were replayed. */
  readonly objects: number;
}

/**
 * Stores rejected lines once more, with what the program knows of formats now. They are objects of the ledger of their
 * own, `replay:<origin>`, so that they are stored once however often they are replayed; the rejects stay as they are.
 * @throws Error when another worker replays; what the store throws; what was stored until then stays stored
 */
export async function replayRejects(
  { engine, worker }: Pick<BatchContext, 'engine' | 'worker'>,
  sink: Sink,
  selection: RejectSelection,
): Promise<Replayed> {
  const claim = await claimInput({ engine, pipeline: 'replay', ...(worker ? { worker } : {}) }, 'rejects');
  try {
    return await replayAll({ engine, sink, selection, signal: claim.lost });
  } finally {
    await claim.release();
  }
}

interface Replay {
  readonly engine: Engine;
  readonly sink: Sink;
  readonly selection: RejectSelection;
  readonly signal: AbortSignal;
}

async function replayAll(replay: Replay): Promise<Replayed> {
  const { engine, selection, signal } = replay;
  const newest = await newestBatch(engine);
  const objects = new Set<string>();
  let books = emptyBooks;
  for (;;) {
    const found = await findRejects(engine, selection, newest);
    if (found.length === 0) return { ...books, objects: objects.size };
    for (const group of inGroups(found)) {
      signal.throwIfAborted();
      const receipts = await storeAgain(replay, group);
      books = receipts.reduce((sum, receipt) => addBooks(sum, receipt), books);
      for (const { origin } of group) objects.add(origin);
    }
  }
}

/** So much is in memory at once. */
const groupBytes = 16 * 1024 ** 2;

function* inGroups(found: readonly RejectedLines[]): Generator<RejectedLines[]> {
  let group: RejectedLines[] = [];
  let bytes = 0;
  for (const lines of found) {
    group.push(lines);
    bytes += lines.bytes;
    if (bytes < groupBytes) continue;
    yield group;
    [group, bytes] = [[], 0];
  }
  if (group.length > 0) yield group;
}

async function storeAgain(
  { engine, sink, selection, signal }: Replay,
  group: readonly RejectedLines[],
): Promise<readonly Receipt[]> {
  const deliveries = [];
  for (const lines of group) {
    deliveries.push({
      origin: lines.replay,
      version: lines.version,
      content: { kind: 'lines' as const, chunks: await readRejects(engine, lines, signal) },
      context: {
        arrivedAtMs: lines.atMs,
        filename: readObjectName(lines.origin).filename,
        ...(selection.isNamed ? {} : { rejectedFrom: { origin: lines.origin, batch: lines.batch } }),
      },
    });
  }
  return sink.store(deliveries, { signal });
}
