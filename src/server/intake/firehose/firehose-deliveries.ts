import { decodeLines } from '../../../content/unpack-lines.ts';
import { mostInflations } from '../../../content/unpacking.ts';
import { splitJsonObjects } from '../../../formats/logs/json-objects.ts';
import type { Delivery, DeliveryContent, DeliveryContext } from '../../../sources/source.ts';
import { ApiError } from '../../api-error.ts';
import type { BodyHold } from '../body-budget.ts';
import { ByteBlocks } from '../byte-blocks.ts';
import { inflateBody } from '../inflate/inflate-body.ts';
import { skipMembers, skipSpace } from '../json-bytes.ts';
import type { FirehoseBody } from './read-firehose-body.ts';

/** A record has at most 1 000 KiB; one that inflates to more than this is kept as it is. */
const maxInflatedRecordBytes = 64 * 1024 * 1024;
/** A delivery is handed over when it has so much, because a batch of gzip members may inflate to a gigabyte. */
const fullDeliveryBytes = 32 * 1024 * 1024;

const openBrace = 0x7b;

/** What all deliveries of a request have in common. */
export interface FirehoseRequest {
  readonly origin: string;
  readonly requestId: string;
  readonly context: DeliveryContext;
}

/**
 * The deliveries of a request, in an order and with versions that are the same when Firehose sends it again. Each is to be
 * stored before the next is asked for.
 *
 * A record is text (its lines, or JSON objects without anything between them), or gzip of text, or of gzip. Messages of CloudWatch Logs
 * subscriptions go into deliveries of their own. What cannot be decoded becomes a line as it came, in base64.
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
    for (const { kind, text } of await readRecord(data, isDecoded, hold)) {
      hold.add(parts[kind].append(text));
      if (parts[kind].bytes >= fullDeliveryBytes) yield* handOver(parts[kind]);
    }
  }
  for (const part of Object.values(parts)) if (part.bytes > 0) yield* handOver(part);
}

type PartKind = Exclude<DeliveryContent['kind'], 'file'>;

/** Fills one delivery after the other. */
class DeliveryParts {
  readonly #kind: PartKind;
  readonly #requestId: string;
  #blocks = new ByteBlocks();
  #number = 1;

  constructor(kind: PartKind, requestId: string) {
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

interface RecordText {
  readonly kind: PartKind;
  readonly text: Uint8Array;
}

async function readRecord(data: Uint8Array, isDecoded: boolean, hold: BodyHold): Promise<RecordText[]> {
  if (!isDecoded) return [{ kind: 'lines', text: data }];
  let inner = data;
  for (let times = 0; times < mostInflations && isGzip(inner); times++) inner = await inflateRecord(inner, hold);
  const text = decodeLines(inner);
  if (text[skipSpace(text, 0)] !== openBrace) return text.length === 0 ? [] : [{ kind: 'lines', text }];
  return splitJsonObjects(text).flatMap((object): RecordText[] => {
    const message = cloudwatchMessage(object);
    if (message === undefined) return [{ kind: 'lines', text: object }];
    // A probe, whether anybody listens.
    if (message === 'CONTROL_MESSAGE') return [];
    return [{ kind: 'cloudwatch', text: object }];
  });
}

function isGzip([first, second, third]: Uint8Array): boolean {
  return first === 0x1f && second === 0x8b && third === 0x08;
}

/** @returns the record itself in base64 when it cannot be inflated. @throws ApiError 429 when there is no room for it now */
async function inflateRecord(data: Uint8Array, hold: BodyHold): Promise<Uint8Array> {
  const text = new ByteBlocks();
  try {
    for await (const piece of inflateBody(once(data), 'gzip', hold)) {
      if (text.length + piece.length > maxInflatedRecordBytes) return toBase64(data);
      hold.add(piece.length);
      text.append(piece);
    }
  } catch (error) {
    if (error instanceof ApiError && error.status === 429) throw error;
    return toBase64(data);
  } finally {
    hold.free(text.length);
  }
  return text.join();
}

async function* once(data: Uint8Array): AsyncGenerator<Uint8Array> {
  yield data;
}

function toBase64(data: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'));
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html */
function cloudwatchMessage(object: Uint8Array): 'DATA_MESSAGE' | 'CONTROL_MESSAGE' | undefined {
  const bytes = Buffer.from(object.buffer, object.byteOffset, object.byteLength);
  if (!bytes.includes('"messageType"') || !bytes.includes('"logEvents"')) return undefined;
  const found = new Map<string, string>();
  skipMembers(bytes, skipSpace(bytes, 0), (keyStart, keyEnd, valueStart, valueEnd) => {
    found.set(
      bytes.toString('latin1', keyStart, keyEnd),
      bytes.toString('latin1', valueStart, Math.min(valueEnd, valueStart + 32)),
    );
  });
  if (!found.has('"logEvents"')) return undefined;
  const [type] = (['DATA_MESSAGE', 'CONTROL_MESSAGE'] as const).filter(
    (name) => found.get('"messageType"') === `"${name}"`,
  );
  return type;
}
