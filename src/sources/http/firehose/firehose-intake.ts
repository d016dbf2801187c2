import { collect } from '../../../framing/records/byte-blocks.ts';
import { firehoseDeliveries } from '../../aws/firehose-deliveries.ts';
import type { DeliveryContext } from '../../source.ts';
import { type Answer, type Exchange, type Intake, type IntakeRequest, jsonAnswer } from '../intake.ts';
import { Refusal } from '../refusal.ts';
import { readFirehoseBody } from './read-firehose-body.ts';

/**
 * A batch has at most 64 MiB before base64; the rest is for the JSON around 10 000 records. Firehose drops a batch for
 * good on 413, so the limit must never be below what it sends.
 */
const maxBodyBytes = (64 * 1024 * 1024 * 4) / 3 + 3 * 1024 * 1024;
const maxErrorLength = 8192;

/**
 * Amazon Data Firehose's HTTP endpoint protocol 1.0: only 200 is success, and means that everything is durable.
 * Firehose retries after any other answer but 413, so a body that cannot be decoded must be accepted too.
 * https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html
 */
export const firehoseIntake: Intake = {
  name: 'firehose',
  routes: [{ method: 'POST', url: '/ingest/firehose' }],
  maxBodyBytes,
  take: takeBatch,
  refuse: ({ message, remedy = '' }, request) =>
    answer(header(request, 'request-id') ?? '', `${message}; ${remedy}`.slice(0, maxErrorLength)),
};

async function takeBatch(exchange: Exchange): Promise<Answer> {
  const { request } = exchange;
  const requestId = checkHeaders(request);
  const bytes = (await collect(exchange.body)).join();
  const body = readFirehoseBody(bytes);
  if (body?.requestId !== undefined && body.requestId !== requestId) {
    throw invalid('the request id of the header is not the one of the body', 'Send one id in both.');
  }
  const origin = `firehose:${header(request, 'source-arn') ?? 'direct'}`;
  const context = { arrivedAtMs: body?.timestampMs ?? exchange.arrivedAtMs, ...readCommonAttributes(request) };
  // Firehose retries anything but 200, so an unparseable body is kept as a reject.
  const records = body?.records ?? [{ data: bytes, isDecoded: false }];
  for await (const delivery of firehoseDeliveries({ origin, requestId, context }, records, exchange.hold)) {
    await exchange.store([delivery]);
  }
  return answer(requestId);
}

/** @returns the request id */
function checkHeaders(request: IntakeRequest): string {
  const requestId = header(request, 'request-id');
  if (requestId === undefined) {
    throw invalid(
      'it has no X-Amz-Firehose-Request-Id',
      'This address is for Amazon Data Firehose; see /ingest/ndjson.',
    );
  }
  const protocol = header(request, 'protocol-version') ?? '1.0';
  if (protocol !== '1.0') throw invalid(`it speaks version "${protocol}" of the protocol`, 'Send it in version 1.0.');
  return requestId;
}

function invalid(cause: string, remedy: string): Refusal {
  return new Refusal('invalid', `cannot take this batch: ${cause}`, { remedy });
}

/** `{"commonAttributes": {"service": "cart"}}`: the attributes with the names of our columns. */
function readCommonAttributes(request: IntakeRequest): DeliveryContext {
  const attributes = parseObject(parseObject(header(request, 'common-attributes') ?? '{}').commonAttributes);
  const names = ['group', 'stream', 'service', 'host'] as const;
  const given = names.filter((name) => typeof attributes[name] === 'string' && attributes[name] !== '');
  return Object.fromEntries(given.map((name) => [name, attributes[name]]));
}

/** @param value an object, or JSON of one; anything else counts as empty, since attributes must not fail a batch */
function parseObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  if (typeof value !== 'string') return {};
  try {
    return parseObject(JSON.parse(value) ?? {});
  } catch {
    return {};
  }
}

function header(request: IntakeRequest, name: string): string | undefined {
  const value = request.headers[`x-amz-firehose-${name}`];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function answer(requestId: string, errorMessage?: string): Answer {
  return jsonAnswer({ requestId, timestamp: Date.now(), ...(errorMessage === undefined ? {} : { errorMessage }) });
}
