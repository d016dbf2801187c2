import type { FastifyRequest } from 'fastify';
import type { DeliveryContext } from '../../sources/source.ts';
import { ApiError } from '../api-error.ts';
import { collect } from './byte-blocks.ts';
import { readDeliveryVersion } from './delivery-version.ts';
import { type Answer, type Exchange, type Intake, jsonAnswer } from './intake.ts';

const contextNames = ['group', 'service', 'host', 'stream'] as const;
const maxNameLength = 512;

/**
 * Lines of any text, JSON or not, as the body of a request; what they do not say themselves stands in the query:
 * `POST /ingest/ndjson?group=shop&service=cart`. With an `Idempotency-Key` the same request may be sent again.
 */
export const ndjsonIntake: Intake = {
  name: 'ndjson',
  routes: [{ method: 'POST', url: '/ingest/ndjson' }],
  maxBodyBytes: 100 * 1024 * 1024,
  take: takeLines,
  refuse: (error) => jsonAnswer(error.body),
};

async function takeLines(exchange: Exchange): Promise<Answer> {
  const names = readNames(exchange.request);
  const { version, isSenders } = readDeliveryVersion(exchange.request);
  const guarantee = isSenders ? 'exactly-once' : 'at-least-once';
  const lines = await collect(exchange.body);
  if (lines.length === 0) return jsonAnswer({ lines: 0, rows: 0, rejected: 0, comments: 0, known: false, guarantee });
  lines.endLine();
  const [receipt] = await exchange.store([
    {
      origin: `ndjson:${Object.values(names).join('/') || 'direct'}`,
      version,
      content: { kind: 'lines', chunks: lines.chunks() },
      context: { arrivedAtMs: exchange.arrivedAtMs, ...names },
    },
  ]);
  return jsonAnswer({ ...receipt, guarantee });
}

function readNames({ query }: FastifyRequest): Pick<DeliveryContext, (typeof contextNames)[number]> {
  const names: Partial<Record<(typeof contextNames)[number], string>> = {};
  for (const name of contextNames) {
    const value = (query as Readonly<Record<string, unknown>>)[name];
    if (value === undefined || value === '') continue;
    if (typeof value !== 'string' || value.length > maxNameLength) {
      throw new ApiError(400, 'TAILRACE_REQUEST_INVALID', `cannot read the query: "${name}" is no name`, {
        remedy: `Give it once, with at most ${maxNameLength} characters.`,
      });
    }
    names[name] = value;
  }
  return names;
}
