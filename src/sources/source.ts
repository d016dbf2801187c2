/**
 * The contract of every source. A source is created without any I/O, may be checked, is run once, and ends when its
 * signal aborts. It decides what an object is and where reading goes on; the sink decides how objects are stored.
 */
export interface Source {
  /** As in the configuration: `kinesis`, `s3`, `files`, `stdin`. */
  readonly type: string;

  /** Probes whether it could run: reachable, permitted. Must leave nothing behind. @returns what is wrong, each with a remedy */
  check(signal: AbortSignal): Promise<readonly string[]>;

  /**
   * What only one worker may read at a time, because two would cut it into other deliveries and store all of it twice:
   * what the origins of its deliveries begin with. Absent where several may.
   * @throws Error that says what to do
   */
  readonly exclusiveInput?: () => Promise<string>;

  /**
   * Takes lines until the signal aborts (or the input ends), then resolves; what is under way is brought to its end first.
   * Must retry what may pass by itself, with backoff, and show it in {@link status}. Must acknowledge, delete or advance
   * only what the sink has stored.
   * @throws Error for what only a person can mend: no such stream, no permission
   */
  run(sink: Sink, signal: AbortSignal): Promise<void>;

  status(): SourceStatus;
}

/** Bytes that are stored together or not at all, exactly once: one object of the ledger. */
export interface Delivery {
  /** Where they come from, for people: `kinesis://eu-west-1/stream/shardId-000000000000`, `s3://bucket/key`, an absolute path. */
  readonly origin: string;
  /** Identity of exactly these bytes within the origin; delivered again under it, they are not stored again. */
  readonly version: string;
  readonly content: DeliveryContent;
  readonly context?: DeliveryContext;
}

export type DeliveryContent =
  /**
   * Whole lines, each with its newline, cut into any chunks. `cloudwatch`: each line is a data message of a CloudWatch
   * Logs subscription as JSON, inflated, and its log events are what is stored. `place`: of lines that one writer wrote one
   * after the other, whether lines before them were handed over already; absent where those of many are mixed.
   */
  | {
      readonly kind: 'lines' | 'cloudwatch';
      readonly chunks: readonly Uint8Array[];
      readonly place?: 'beginning' | 'middle';
    }
  /** A complete local file, plain, gzip or Parquet, that nobody writes to any more; the source removes it afterwards. */
  | { readonly kind: 'file'; readonly path: string };

/** What the lines themselves need not say. */
export interface DeliveryContext {
  /** Time of lines that carry none, milliseconds since 1970: when the record reached the stream or the request came in. */
  readonly arrivedAtMs?: number;
  /** Name of the object for `requests.filename`, from which the distribution is read as well. */
  readonly filename?: string;
  /** For application logs: columns of `logs` that hold for every line which does not say otherwise. */
  readonly group?: string;
  readonly stream?: string;
  readonly service?: string;
  readonly host?: string;
}

/** What became of a delivery: lines = rows + rejected + comments + excluded. `known`: it was stored before, and left alone. */
export interface Receipt {
  readonly known: boolean;
  readonly lines: number;
  readonly rows: number;
  readonly rejected: number;
  readonly comments: number;
  /** Lines that the rules of the input leave out. */
  readonly excluded: number;
}

export interface SinkOptions {
  /** Gives up waiting; what was begun is still brought to its end. */
  readonly signal?: AbortSignal;
  /**
   * Called with the batch's id when everything is inserted and counted, before it counts as stored. When it throws, the
   * batch is taken back and the call rejects with that error. Such a call is a batch of its own.
   */
  readonly commit?: (batch: string) => Promise<void>;
}

/** Takes deliveries into the store. Calls of all sources are put into common batches. */
export interface Sink {
  /**
   * Resolves when every delivery is durable, in their order. Retries for ever what the store may recover from (busy, gone,
   * disk full), and never rejects for what the bytes are: lines that fit nothing are rejects. A source must await it
   * before it hands over the next delivery of the same origin.
   * @throws the signal's reason, or what `commit` threw; nothing of it is stored then
   */
  store(deliveries: readonly Delivery[], options?: SinkOptions): Promise<readonly Receipt[]>;

  /** Origin → version that was stored last, for every origin that begins so: where a source goes on. */
  lastStored(originPrefix: string): Promise<ReadonlyMap<string, string>>;

  /** What is stored of these origins, latest first; each at most a few hundred at a time, since the answer is in memory. */
  versionsOf(origins: readonly string[]): Promise<readonly StoredObject[]>;

  /**
   * Ends what another worker left unfinished of an origin: its batch with the id `committed` counts as stored from here
   * on, any other is taken back. Must be called with the origin's lease in hand, before reading on.
   */
  settle(origin: string, committed: string | undefined): Promise<void>;

  /** How much waits, so that a source that cannot wait (HTTP) can say so at once. */
  pressure(): Pressure;
}

export interface StoredObject {
  readonly origin: string;
  readonly version: string;
  /** As it lay there. */
  readonly bytes: number;
}

export interface Pressure {
  readonly waitingBytes: number;
  /** Whether no more should be handed over now. */
  readonly full: boolean;
  /** Why the store takes nothing at present, in words; absent when it does. */
  readonly problem?: string;
}

export interface SourceStatus {
  readonly state: 'starting' | 'running' | 'retrying' | 'stopped';
  /** What it is retrying, in words. */
  readonly problem?: string;
  /** Calls repeated since the start: throttled, timed out, failed. */
  readonly retries: number;
  /** What became of objects and messages since the start, by outcome: `stored`, `gone`, `failed`; absent without objects. */
  readonly outcomes?: Readonly<Record<string, number>>;
  /** Shards, queues, files: what of it can lag on its own. */
  readonly parts: readonly PartStatus[];
}

export interface PartStatus {
  readonly name: string;
  /** How far behind the newest it is, as the service tells it; absent when unknown. */
  readonly lagMs?: number;
  /** Age of the oldest that was taken and is not stored yet; absent when there is none. */
  readonly oldestUnacknowledgedMs?: number;
  /** Messages that a queue holds and nobody has in hand, roughly; absent where there is no queue, or it does not tell. */
  readonly waiting?: number;
}
