import { ByteBlocks } from '../../framing/records/byte-blocks.ts';
import { type RecordPart, readRecord } from '../../framing/records/read-record.ts';
import type { Delivery, DeliveryContext } from '../source.ts';

/** Size at which a delivery is handed over, because a batch of gzip members may inflate to a gigabyte. */
const fullDeliveryBytes = 32 * 1024 * 1024;

/** A record of Firehose. `isDecoded` is false for one that is not base64, which is kept unchanged. */
export interface FirehoseRecord {
  readonly data: Uint8Array;
  readonly isDecoded: boolean;
}

/** Limits the bytes that are held in memory. */
export interface RecordHold {
  /** @throws Error when there is no room */
  add(bytes: number): void;
  free(bytes: number): void;
}

/** Values shared by all deliveries of a request. */
export interface FirehoseRequest {
  readonly origin: string;
  readonly requestId: string;
  readonly context: DeliveryContext;
}

/**
 * The deliveries of a request, with the same order and versions when Firehose sends it again. Each must be stored
 * before the next is requested. A record that is not base64 is kept unchanged.
 */
export async function* firehoseDeliveries(
  { origin, requestId, context }: FirehoseRequest,
  records: Iterable<FirehoseRecord>,
  hold: RecordHold,
): AsyncGenerator<Delivery> {
  const parts = {
    lines: new DeliveryParts('lines', requestId),
    cloudwatch: new DeliveryParts('cloudwatch', requestId),
  };
  async function* handOver(part: DeliveryParts): AsyncGenerator<Delivery> {
    const { bytes } = part;
    yield { origin, context, ...part.take() };
    hold.free(bytes);
  }
  for (const { data, isDecoded } of records) {
    const read: readonly RecordPart[] = isDecoded ? readRecord(data) : [{ kind: 'lines', bytes: data }];
    for (const { kind, bytes } of read) {
      hold.add(parts[kind].append(bytes));
      if (parts[kind].bytes >= fullDeliveryBytes) yield* handOver(parts[kind]);
    }
  }
  for (const part of Object.values(parts)) if (part.bytes > 0) yield* handOver(part);
}

/** Fills one delivery after the other. */
class DeliveryParts {
  readonly #kind: RecordPart['kind'];
  readonly #requestId: string;
  #blocks = new ByteBlocks();
  #number = 1;

  constructor(kind: RecordPart['kind'], requestId: string) {
    this.#kind = kind;
    this.#requestId = requestId;
  }

  get bytes(): number {
    return this.#blocks.length;
  }

  /** @returns the number of bytes added */
  append(text: Uint8Array): number {
    const before = this.bytes;
    this.#blocks.append(text);
    this.#blocks.endLine();
    return this.bytes - before;
  }

  take(): Pick<Delivery, 'version' | 'content'> {
    const content = { kind: this.#kind, chunks: this.#blocks.chunks() };
    const marks = [this.#kind === 'lines' ? '' : `#${this.#kind}`, this.#number === 1 ? '' : `#${this.#number}`];
    this.#blocks = new ByteBlocks();
    this.#number++;
    return { version: this.#requestId + marks.join(''), content };
  }
}
