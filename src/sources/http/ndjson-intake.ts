import { UnpackedTooLargeError, unpackStream } from '../../framing/lines/unpack-lines.ts';
import { ByteBlocks } from '../../framing/records/byte-blocks.ts';
import type { DeliveryContext } from '../source.ts';
import type { BodyHold } from './body-budget.ts';
import { readDeliveryVersion } from './delivery-version.ts';
import { type Answer, type Exchange, type Intake, type IntakeRequest, jsonAnswer } from './intake.ts';
import { tooLarge } from './read-body.ts';
import { Refusal } from './refusal.ts';

const contextNames = ['group', 'service', 'host', 'stream'] as const;
const maxNameLength = 512;
const maxBodyBytes = 100 * 1024 * 1024;

/**
 * Lines of any text, JSON or not, as the body of a request; the query sets values that lines do not carry themselves:
 * `POST /ingest/ndjson?group=shop&service=cart`. With an `Idempotency-Key` the same request may be retried.
 */
export const ndjsonIntake: Intake = {
  name: 'ndjson',
  routes: [{ method: 'POST', url: '/ingest/ndjson' }],
  maxBodyBytes,
  take: takeLines,
  refuse: ({ body }) => jsonAnswer(body),
};

async function takeLines(exchange: Exchange): Promise<Answer> {
  const names = readNames(exchange.request);
  const { version, isSenders } = readDeliveryVersion(exchange.request);
  const guarantee = isSenders ? 'exactly-once' : 'at-least-once';
  const lines = await collectLines(exchange);
  if (lines.length === 0) {
    return jsonAnswer({ lines: 0, rows: 0, rejected: 0, comments: 0, excluded: 0, known: false, guarantee });
  }
  lines.endLine();
  const [receipt] = await exchange.store([
    {
      origin: `ndjson:${Object.values(names).join('/') || 'direct'}`,
      version,
      content: { kind: 'lines', chunks: lines.chunks(), place: 'beginning' },
      context: { arrivedAtMs: exchange.arrivedAtMs, ...names },
    },
  ]);
  return jsonAnswer({ ...receipt, guarantee });
}

/** A body may be the bytes of any file: gzip without a Content-Encoding, or UTF-16. */
async function collectLines({ body, hold }: Exchange): Promise<ByteBlocks> {
  const lines = new ByteBlocks();
  try {
    for await (const piece of unpackStream(handOn(body, hold), { leastBytes: headBytes, maxBytes: maxBodyBytes })) {
      hold.add(piece.length);
      lines.append(piece);
    }
  } catch (cause) {
    if (cause instanceof UnpackedTooLargeError) throw tooLarge(maxBodyBytes);
    if (!/^Z_/.test(String((cause as NodeJS.ErrnoException).code))) throw cause;
    throw new Refusal('invalid', 'cannot read the body: its gzip data is damaged', { cause });
  }
  return lines;
}

/** Bytes of a body that are needed to detect its encoding. */
const headBytes = 64 * 1024;

/** From here on the unpacked bytes count as held, instead of the packed ones. */
async function* handOn(body: AsyncIterable<Uint8Array>, hold: BodyHold): AsyncGenerator<Uint8Array> {
  for await (const piece of body) {
    hold.free(piece.length);
    yield piece;
  }
}

function readNames({ query }: IntakeRequest): Pick<DeliveryContext, (typeof contextNames)[number]> {
  const names: Partial<Record<(typeof contextNames)[number], string>> = {};
  for (const name of contextNames) {
    const value = (query as Readonly<Record<string, unknown>>)[name];
    if (value === undefined || value === '') continue;
    if (typeof value !== 'string' || value.length > maxNameLength) {
      throw new Refusal('invalid', `cannot read the query: "${name}" is not valid`, {
        remedy: `Give it once, with at most ${maxNameLength} characters.`,
      });
    }
    names[name] = value;
  }
  return names;
}
