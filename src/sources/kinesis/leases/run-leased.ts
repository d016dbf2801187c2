import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { withDeadline } from '../../../waiting/deadline.ts';
import type { Sink, UnfinishedBatch } from '../../source.ts';
import type { LeaseOptions } from '../kinesis-options.ts';
import { listShards } from '../open-stream.ts';
import { readStartVersion, shardEnd, storedPosition } from '../position.ts';
import type { ShardSink } from '../read-shard.ts';
import { askStored, listEveryMs, originOf, readOne, type StreamReading } from '../run-shards.ts';
import { readyShards, type Shard } from '../shard.ts';
import { ShardTasks } from '../shard-tasks.ts';
import { chooseLeases } from './choose-leases.ts';
import { HeldLease, type LeaseTimes } from './held-lease.ts';
import { committedBatches, isFinished, type LeaseRow, leasePosition, newLease } from './lease-row.ts';
import { LeaseTable } from './lease-table.ts';
import { LeaseWatch } from './lease-watch.ts';

const times: LeaseTimes = { heartbeatMs: 1500, failoverMs: 8000 };
const lookEveryMs = 1500;

/**
 * Reads the shards of a stream whose leases this worker holds, and takes its fair share of leases. A lease holds the
 * position in its shard. Ends when the signal aborts; the leases are released then.
 */
export async function runLeased(
  reading: StreamReading,
  pipeline: string,
  options: LeaseOptions,
  signal: AbortSignal,
): Promise<void> {
  const table = await LeaseTable.open(options, reading.activity, signal);
  const worker = new LeasingWorker(reading, `${pipeline}:${reading.stream.name}:`, table);
  try {
    await worker.run(signal);
  } finally {
    table.close();
  }
}

class LeasingWorker {
  readonly #reading: StreamReading;
  readonly #prefix: string;
  readonly #table: LeaseTable;
  readonly #me = `${hostname()}:${process.pid}:${randomUUID()}`;
  readonly #watch = new LeaseWatch(times.failoverMs);
  readonly #tasks = new ShardTasks();
  #shards: readonly Shard[] = [];
  #listedMs = Number.NEGATIVE_INFINITY;
  #finished = 0;
  #settledMs = Number.NEGATIVE_INFINITY;

  constructor(reading: StreamReading, prefix: string, table: LeaseTable) {
    this.#reading = reading;
    this.#prefix = prefix;
    this.#table = table;
  }

  async run(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        const foreign = await this.#unfinishedOfOthers(signal);
        const rows = await this.#table.scan(this.#prefix, signal);
        await this.#settleLate(foreign, rows, signal);
        if (this.#shouldList(rows) && (await this.#followStream(rows, signal))) continue;
        this.#reading.activity.state = 'running';
        await this.#takeLeases(rows);
        await this.#tasks.change(lookEveryMs, signal);
      }
    } finally {
      await this.#tasks.stop(signal.reason);
    }
  }

  /**
   * What others have begun and not ended, periodically: a worker that did not know that it had lost its lease may begin a
   * batch when the next owner has already settled, and then die.
   */
  async #unfinishedOfOthers(signal: AbortSignal): Promise<readonly UnfinishedBatch[]> {
    const { sink, stream } = this.#reading;
    if (performance.now() - this.#settledMs < times.failoverMs) return [];
    const ask = () => sink.unfinished(this.#shards.map((shard) => originOf(stream, shard)));
    const unfinished = await this.#untilDone('ask the store what is unfinished', ask, signal);
    this.#settledMs = performance.now();
    return unfinished.filter(({ isOwn }) => !isOwn);
  }

  /**
   * Only of shards whose leases were this worker's, or nobody's for good, after the batches were seen: their workers
   * began them under leases that they have lost, and cannot commit them any more.
   */
  async #settleLate(batches: readonly UnfinishedBatch[], rows: readonly LeaseRow[], signal: AbortSignal) {
    const { sink, stream } = this.#reading;
    for (const row of rows.filter((row) => row.leaseOwner === this.#me || isFinished(row))) {
      const shard = this.#shardOf(row);
      const late = batches.filter(({ origin }) => shard && origin === originOf(stream, shard));
      const settle = () => sink.settle(late, committedBatches(row));
      if (late.length > 0) await this.#untilDone(`settle what is unfinished of ${row.shardId}`, settle, signal);
    }
  }

  #untilDone<T>(what: string, attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#reading.activity.repeat(what, signal, attempt, () => true);
  }

  /** Periodically, and when any worker has read a shard to its end. */
  #shouldList(rows: readonly LeaseRow[]): boolean {
    const finished = rows.filter(isFinished).length;
    if (finished === this.#finished && performance.now() - this.#listedMs < listEveryMs) return false;
    this.#finished = finished;
    this.#listedMs = performance.now();
    return true;
  }

  /**
   * Creates rows for the shards that may be read now, and removes rows of expired shards. The stream is listed after
   * the rows were read, so that the row of a newer shard is not mistaken for that of an expired one.
   * @returns whether rows have changed
   */
  async #followStream(rows: readonly LeaseRow[], signal: AbortSignal): Promise<boolean> {
    this.#shards = await listShards(this.#reading.stream, signal);
    const gone = rows.filter((row) => !this.#shardOf(row) && !this.#tasks.has(row.shardId));
    for (const row of gone) await this.#table.remove(row, signal);
    const standing = new Map(rows.filter((row) => this.#shardOf(row)).map((row) => [row.shardId, row]));
    const isDone = ({ id }: Shard) => {
      const row = standing.get(id);
      return row !== undefined && isFinished(row);
    };
    const fresh = readyShards(this.#shards, isDone).filter(({ id }) => !standing.has(id));
    if (fresh.length > 0) await this.#addRows(fresh, [...standing.values()][0]?.timestamp, signal);
    return gone.length > 0 || fresh.length > 0;
  }

  /** @param firstLeasedMs when the stream was first leased; `LATEST` means the newest record at that time */
  async #addRows(shards: readonly Shard[], firstLeasedMs: number | undefined, signal: AbortSignal): Promise<void> {
    const { startFrom, stream } = this.#reading;
    const stored = await askStored(this.#reading, signal);
    const started = readStartVersion(stored.get(originOf(stream)))?.getTime();
    const timestamp = startFrom instanceof Date ? startFrom.getTime() : (firstLeasedMs ?? started ?? Date.now());
    for (const shard of shards) {
      const before = storedPosition(stored.get(originOf(stream, shard)), shard) ?? startFrom;
      const atTime = before === 'LATEST' || before instanceof Date;
      const checkpoint = atTime ? 'AT_TIMESTAMP' : typeof before === 'string' ? before : before.after;
      await this.#table.add(newLease(this.#prefix + shard.id, shard, checkpoint, timestamp), signal);
    }
  }

  async #takeLeases(rows: readonly LeaseRow[]): Promise<void> {
    const nowMs = performance.now();
    this.#watch.observe(rows, nowMs);
    const open = rows.filter((row) => !isFinished(row) && this.#shardOf(row));
    const isMine = (row: LeaseRow) => row.leaseOwner === this.#me || this.#tasks.has(row.shardId);
    const holdings = open.map((row) => ({
      leaseKey: row.leaseKey,
      owner: isMine(row) ? this.#me : this.#watch.isSilent(row, nowMs) ? undefined : row.leaseOwner,
    }));
    const chosen = new Set(chooseLeases(holdings, this.#me));
    // A write that took a lease may have succeeded without an answer.
    const wanted = open.filter((row) => chosen.has(row.leaseKey) || row.leaseOwner === this.#me);
    for (const row of wanted.filter(({ shardId }) => !this.#tasks.has(shardId))) await this.#takeLease(row);
  }

  async #takeLease(row: LeaseRow): Promise<void> {
    const shard = this.#shardOf(row);
    const takenMs = performance.now();
    const taken = await this.#table.take(row, this.#me);
    if (!shard || !taken) return;
    this.#tasks.start(shard.id, async (stopping) => {
      const lease = new HeldLease(this.#table, taken, times, this.#reading.activity, takenMs);
      const keeping = new AbortController();
      const kept = lease.keep(keeping.signal);
      try {
        await this.#readLeased(shard, taken, lease, stopping);
      } catch (error) {
        if (!lease.lost.aborted) throw error;
      } finally {
        keeping.abort();
        await kept;
        await lease.release();
      }
    });
  }

  async #readLeased(shard: Shard, row: LeaseRow, lease: HeldLease, stopping: AbortSignal): Promise<void> {
    const { sink, stream } = this.#reading;
    const ending = AbortSignal.any([stopping, lease.lost]);
    const origin = originOf(stream, shard);
    const settle = async () => sink.settle(await sink.unfinished([origin]), committedBatches(row));
    await this.#untilDone(`settle what is unfinished of ${origin}`, settle, ending);
    await readOne(this.#reading, shard, leasePosition(row), leasedSink(sink, lease, stopping), ending);
  }

  /** Undefined when the shard is gone, even where a new one has its name. */
  #shardOf({ shardId, startingSequenceNumber }: LeaseRow): Shard | undefined {
    return this.#shards.find(
      ({ id, startingSequence }) => id === shardId && startingSequence === startingSequenceNumber,
    );
  }
}

/** When the lease is lost, store calls in flight still finish, so that this process never reads a shard twice. */
function leasedSink(sink: Sink, lease: HeldLease, stopping: AbortSignal): ShardSink {
  return {
    store: async (deliveries, lastSequence) => {
      let isCommitted = false;
      const commit = async (batch: string) => {
        await lease.commit(lastSequence, batch);
        isCommitted = true;
      };
      const storing = sink.store(deliveries, { signal: stopping, commit });
      await withinGrace(storing, stopping);
      // Everything was stored before, without a lease.
      if (!isCommitted) await lease.advance(lastSequence);
    },
    end: (children) => lease.advance(shardEnd, children),
  };
}

/**
 * A commit with an unknown outcome blocks its store call. A stopping worker waits only for a grace period, since the
 * next owner of the lease settles the batch.
 */
async function withinGrace(storing: Promise<unknown>, stopping: AbortSignal): Promise<void> {
  const onLate = () => {
    throw stopping.reason;
  };
  await withDeadline(storing, { afterMs: times.failoverMs, from: stopping, onLate });
}
