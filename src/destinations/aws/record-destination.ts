import type { ClosedBatch } from '../../ledger/shipments.ts';
import { withOwnAbort } from '../../waiting/own-abort.ts';
import type { Backup, RefusedRecord } from '../backup/backup.ts';
import {
  type Delivered,
  type Destination,
  type Gathering,
  type Shipment,
  type ShippedTable,
  UnfitBatchError,
} from '../destination.ts';
import { Pace } from '../pace.ts';
import { sendPaced } from '../send-paced.ts';
import { cutRequests } from './cut-requests.ts';
import { putRecords, type Refusal } from './put-records.ts';
import type { RecordSizes, RecordStream, StreamPlace, StreamRecord } from './record-stream.ts';

/** What a destination of records needs of its service. */
export interface RecordService {
  readonly type: 'kinesis' | 'firehose';
  readonly sizes: RecordSizes;
  /** @throws Error with a remedy */
  connect(): Promise<RecordStream>;
  /** See {@link Destination.check}. */
  check(signal: AbortSignal): Promise<readonly string[]>;
}

export interface RecordOptions extends StreamPlace {
  /** Whose rows are put. */
  readonly tables: readonly ShippedTable[];
  /** Most bytes of a record, unless one row alone has more. */
  readonly recordSize: number;
  /** Where refused rows are kept; without it, a batch with one is not delivered as a whole. */
  readonly backup?: Backup;
}

const mostRequests = 4;
/** What is gathered is repeated as a whole after a failure: no more than makes full requests. */
const gathering: Gathering = { mostBatches: 20, mostRows: 10_000, mostWaitMs: 0 };
/** Unfit batches that are remembered. */
const mostUnfit = 1000;

/**
 * Puts rows into a stream of AWS, gathered into records. Its services have no way to repeat a request without effect: a
 * record is there twice when its answer was lost. So little is repeated as can be, and each row has its identity.
 */
export class RecordDestination implements Destination {
  readonly gathering = gathering;
  readonly #service: RecordService;
  readonly #options: RecordOptions;
  readonly #pace = new Pace(mostRequests);
  /** Batches that cannot be delivered as a whole: a repetition would put their other rows again. */
  readonly #unfit = new Map<string, UnfitBatchError>();
  #stream: RecordStream | undefined;
  #tell: (text: string) => void = () => {};

  constructor(service: RecordService, options: RecordOptions) {
    this.#service = service;
    this.#options = options;
  }

  get type(): string {
    return this.#service.type;
  }

  async check(signal: AbortSignal): Promise<readonly string[]> {
    try {
      const problems = await this.#service.check(signal);
      return problems.length > 0 ? problems : ((await this.#options.backup?.check(signal)) ?? []);
    } catch (cause) {
      return [(cause as Error).message];
    }
  }

  async open(signal: AbortSignal, tell: (text: string) => void): Promise<void> {
    await this.#options.backup?.open(signal);
    this.#stream = await this.#service.connect();
    this.#tell = tell;
  }

  async ship({ batches, read }: Shipment, signal: AbortSignal): Promise<readonly (Delivered | UnfitBatchError)[]> {
    const { backup } = this.#options;
    // Of batches that were not delivered to their end.
    await backup?.discard();
    const fit = batches.filter(({ batch }) => !this.#unfit.has(batch));
    const counts = fit.map(() => new RecordCounts());
    const countsOf = ({ owner }: StreamRecord) => counts[owner] as RecordCounts;
    await withOwnAbort(signal, (own) =>
      this.#put({ batches: fit, read }, own, {
        onTaken: (record) => countsOf(record).take(record),
        onRefused: async (refusal) => {
          countsOf(refusal.record).refuse(refusal);
          await backup?.keep(fit[refusal.record.owner] as ClosedBatch, refusedRecord(refusal));
        },
      }),
    );
    const backupBytes = (await backup?.publish(fit, signal)) ?? [];
    const outcomes = new Map(
      fit.map((batch, index) => [batch.batch, this.#outcome(batch, counts[index] as RecordCounts, backupBytes[index])]),
    );
    return batches.map(({ batch }) => (outcomes.get(batch) ?? this.#unfit.get(batch)) as Delivered | UnfitBatchError);
  }

  async close(): Promise<void> {
    this.#stream?.close();
    await this.#options.backup?.close();
  }

  #put(
    shipment: Pick<Shipment, 'batches' | 'read'>,
    own: AbortController,
    outcomes: { onTaken: (record: StreamRecord) => void; onRefused: (refusal: Refusal) => Promise<void> },
  ): Promise<void> {
    const stream = this.#stream as RecordStream;
    const { sizes } = this.#service;
    const { tables, recordSize } = this.#options;
    const putting = {
      ...outcomes,
      ...{ stream, sizes, pace: this.#pace, signal: own.signal },
      onThrottled: (fault: string) =>
        this.#tell(`cannot ${stream.call.what} as fast as rows come: ${fault}; ${stream.throttlingRemedy}`),
    };
    const requests = cutRequests(shipment, { tables, recordBytes: recordSize, sizes });
    return sendPaced(requests, this.#pace, own, (request) => putRecords(request, putting));
  }

  #outcome(
    batch: ClosedBatch,
    { rows, bytes, refused, firstRefusal }: RecordCounts,
    backupBytes = 0,
  ): Delivered | UnfitBatchError {
    const { backup, tables } = this.#options;
    if (firstRefusal && !backup) return this.#setAside(batch, firstRefusal, refused);
    if (firstRefusal && backup) {
      const what = `deliver some rows to ${this.#service.type}`;
      this.#tell(`cannot ${what}: ${firstRefusal.fault.code}; they are kept in "${backup.place}" with the reasons`);
    }
    const promised = tables.reduce((total, table) => total + batch[table], 0);
    return { rows, bytes, refused, backupBytes, missing: promised - rows - refused };
  }

  #setAside({ batch }: ClosedBatch, { fault }: Refusal, refused: number): UnfitBatchError {
    const why = `${refused} rows are refused, the first because ${fault.message}; the others are delivered, set backup`;
    const unfit = new UnfitBatchError(batch, new Error(why));
    if (this.#unfit.size >= mostUnfit) this.#unfit.clear();
    this.#unfit.set(batch, unfit);
    return unfit;
  }
}

/** A refused record is one row alone: its newline is not the row's. */
function refusedRecord({ record, fault, attempts }: Refusal): RefusedRecord {
  const { lines, key } = record;
  return {
    attempts,
    errorCode: fault.code,
    errorMessage: fault.message,
    rawData: lines.subarray(0, -1),
    more: { partitionKey: key },
  };
}

/** What becomes of the records of a batch. */
class RecordCounts {
  rows = 0;
  bytes = 0;
  refused = 0;
  firstRefusal: Refusal | undefined;

  take({ rows, lines }: StreamRecord): void {
    this.rows += rows;
    this.bytes += lines.length;
  }

  refuse(refusal: Refusal): void {
    this.refused += refusal.record.rows;
    this.firstRefusal ??= refusal;
  }
}
