import { ByteBlocks } from '../../../framing/records/byte-blocks.ts';
import { type RecordPart, readRecord } from '../../../framing/records/read-record.ts';
import type { Delivery, DeliveryContext } from '../../source.ts';
import type { BodyHold } from '../body-budget.ts';
import type { FirehoseBody } from './read-firehose-body.ts';

/** A delivery is handed over when it has so much, because a batch of gzip members may inflate to a gigabyte. */
const fullDeliveryBytes = 32 * 1024 * 1024;

/** What all deliveries of a request have in common. */
export interface FirehoseRequest {
  readonly origin: string;
  readonly requestId: string;
  readonly context: DeliveryContext;
}

/**
 * The deliveries of a request, in an order and with versions that are the same when Firehose sends it again. Each is to be
 * stored before the next is asked for. A record that is not base64 is kept as it stands in the body.
 */
export async function* firehoseDeliveries(
  { origin, requestId, context }: FirehoseRequest,
  records: FirehoseBody['records'],
  hold: BodyHold,
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

  /** @returns by how many bytes it grew */
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
