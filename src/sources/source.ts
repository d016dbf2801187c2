/**
 * The contract of every source. Creating a source does no I/O; it may be checked, is run once, and ends when its signal
 * aborts. The source defines what an object is and where reading resumes; the sink decides how objects are stored.
 */
export interface Source {
  /** As in the configuration: `kinesis`, `s3`, `files`, `stdin`. */
  readonly type: string;

  /** Probes whether it could run: reachable, permitted. Must leave nothing behind. @returns problems with remedies */
  check(signal: AbortSignal): Promise<readonly string[]>;

  /**
   * Origin prefix of an input that only one worker may read at a time, because two would cut it into different
   * deliveries and store everything twice. Absent where several workers may read it.
   * @throws Error with a remedy
   */
  readonly exclusiveInput?: () => Promise<string>;

  /**
   * Takes lines until the signal aborts or the input ends, finishes what is in flight, then resolves. Must retry
   * transient failures with backoff and show them in {@link status}. Must acknowledge, delete or advance only what the
   * sink has stored.
   * @throws Error for failures that need manual action: no such stream, no permission
   */
  run(sink: Sink & Checkpoints, signal: AbortSignal): Promise<void>;

  status(): SourceStatus;
}

/** Bytes that are stored together or not at all, exactly once: one object of the ledger. */
export interface Delivery {
  /** Readable origin: `kinesis://eu-west-1/stream/shardId-000000000000`, `s3://bucket/key`, an absolute path. */
  readonly origin: string;
  /** Identity of exactly these bytes within the origin; a second delivery of this version is not stored again. */
  readonly version: string;
  readonly content: DeliveryContent;
  readonly context?: DeliveryContext;
}

export type DeliveryContent =
  /**
   * Whole lines, each with its newline, in chunks of any size. `cloudwatch`: each line is an inflated JSON data message
   * of a CloudWatch Logs subscription, and its log events are stored. `place`: for consecutive lines of one writer,
   * whether earlier lines were handed over already; absent where lines of several writers are mixed.
   */
  | {
      readonly kind: 'lines' | 'cloudwatch';
      readonly chunks: readonly Uint8Array[];
      readonly place?: 'beginning' | 'middle';
    }
  /** A complete local file, plain, gzip or Parquet, that is no longer written to; the source removes it afterwards. */
  | { readonly kind: 'file'; readonly path: string };

/**
 * A file that the user named, and may be writing to. It is read where it is. Of one that grew since it was stored, the
 * new lines are stored. One that cannot be read as a log is refused instead of kept as rejects.
 */
export interface UserFile {
  readonly origin: string;
  /** As in {@link Delivery}; default: a fingerprint of the content. */
  readonly version?: string;
  readonly content: { readonly kind: 'user-file'; readonly path: string };
}

/** Values for lines that do not carry them themselves. */
export interface DeliveryContext {
  /** Time of lines without their own, milliseconds since 1970: when the record or the request arrived. */
  readonly arrivedAtMs?: number;
  /** Name of the object for `requests.filename`, from which the distribution is read too. */
  readonly filename?: string;
  /** Batch and origin that these lines were rejected from; a header of that object names their columns. */
  readonly rejectedFrom?: { readonly origin: string; readonly batch: string };
  /** For application logs: columns of `logs`, used for every line that does not set its own. */
  readonly group?: string;
  readonly stream?: string;
  readonly service?: string;
  readonly host?: string;
}

/** Outcome of a delivery: lines = rows + rejected + comments + excluded. `known`: stored before, so skipped. */
export interface Receipt {
  readonly known: boolean;
  readonly lines: number;
  readonly rows: number;
  readonly rejected: number;
  readonly comments: number;
  /** Lines excluded by the rules of the input. */
  readonly excluded: number;
}

export interface SinkOptions {
  /** Stops waiting; what was started still finishes. */
  readonly signal?: AbortSignal;
  /**
   * Called with the batch id when everything is inserted and counted, before it counts as stored. When it throws, the
   * batch is taken back and the call rejects with that error. Such a call gets a batch of its own.
   */
  readonly commit?: (batch: string) => Promise<void>;
}

/** Stores deliveries. Concurrent calls share batches. */
export interface Sink {
  /**
   * Resolves with receipts in the order of the deliveries when all of them are durable. Retries while the store may
   * recover (busy, unreachable, disk full), without limit unless the sink was opened with one, and never rejects because
   * of the lines: those that fit no format become rejects. A source must await it before it hands over the next delivery
   * of the same origin.
   * @throws the signal's reason, or what `commit` threw; {@link RefusedFileError}; nothing of the call is stored then
   */
  store(deliveries: readonly (Delivery | UserFile)[], options?: SinkOptions): Promise<readonly Receipt[]>;

  /** How much is waiting, so that a source that cannot wait (HTTP) can refuse at once. */
  pressure(): Pressure;
}

/** A {@link UserFile} is not stored. */
export class RefusedFileError extends Error {
  /** `empty`: there is nothing to store. `changed`: while it was read, so that reading it again may succeed. */
  readonly reason: 'empty' | 'changed' | 'unusable';

  /** @param problem cause and remedy, without the name of the file */
  constructor(problem: string, reason: RefusedFileError['reason'] = 'unusable', options: ErrorOptions = {}) {
    super(problem, options);
    this.reason = reason;
  }
}

/** What the store remembers of earlier deliveries: where a source resumes. */
export interface Checkpoints {
  /** Origin → version stored last, for every origin with this prefix. */
  lastStored(originPrefix: string): Promise<ReadonlyMap<string, string>>;

  /** Stored objects of these origins, latest first; at most a few hundred of each, since the result is in memory. */
  versionsOf(origins: readonly string[]): Promise<readonly StoredObject[]>;

  /** Batches with a `commit` that were begun for these origins and are neither stored nor taken back yet. */
  unfinished(origins: readonly string[]): Promise<readonly UnfinishedBatch[]>;

  /**
   * Ends unfinished batches that nobody can commit any more: those whose ids are in `committed` count as stored from now
   * on, any other is taken back.
   */
  settle(batches: readonly UnfinishedBatch[], committed: readonly string[]): Promise<void>;
}

/** A batch that waits for its commit, or whose worker ended before or after it. */
export interface UnfinishedBatch {
  readonly batch: string;
  readonly origin: string;
  /** Whether this process began it. */
  readonly isOwn: boolean;
}

export interface StoredObject {
  readonly origin: string;
  readonly version: string;
  /** Size on disk or in the bucket, as stored. */
  readonly bytes: number;
}

export interface Pressure {
  /** Bytes of deliveries that are waiting or being stored; of a file its size on disk. */
  readonly waitingBytes: number;
  /** Whether sources should hand over nothing more for now. */
  readonly full: boolean;
  /** Why the store currently accepts nothing; absent when it does. */
  readonly problem?: string;
}

export interface SourceStatus {
  readonly state: 'starting' | 'running' | 'retrying' | 'stopped';
  /** Description of what it is retrying. */
  readonly problem?: string;
  /** Calls retried since the start: throttled, timed out, failed. */
  readonly retries: number;
  /** Number of objects and messages since the start by outcome: `stored`, `gone`, `failed`; absent without objects. */
  readonly outcomes?: Readonly<Record<string, number>>;
  /** The parts that can lag independently: shards, queues, files. */
  readonly parts: readonly PartStatus[];
}

export interface PartStatus {
  readonly name: string;
  /** Lag behind the newest record, as the service reports it; absent when unknown. */
  readonly lagMs?: number;
  /** Age of the oldest item that was taken and is not stored yet; absent when there is none. */
  readonly oldestUnacknowledgedMs?: number;
  /** Approximate number of visible messages in a queue; absent without a queue, or where it does not report them. */
  readonly waiting?: number;
}
