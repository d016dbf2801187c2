import { randomUUID } from 'node:crypto';
import { type Feed, logLine, newId, pause } from '../feed.ts';

/** One request as its sender makes it, the same again at each try. */
export interface PreparedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A sender of requests that repeats each until it is taken, and is told so. */
export function createRequestFeed(name: string, prepare: (lines: readonly string[]) => PreparedRequest): Feed {
  const taken = new Set<string>();
  const doubtful = new Set<string>();
  const send = async (url: string, signal: AbortSignal) => {
    const ids = Array.from({ length: 20 }, () => newId(name));
    for (const id of ids) doubtful.add(id);
    const { path, headers, body } = prepare(ids.map(logLine));
    // Also after the end was told: what was begun is to be stored.
    for (let attempt = 0; attempt < 600; attempt++) {
      const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body }).catch(() => undefined);
      await answer?.text().catch(() => '');
      if (answer?.status === 200) {
        for (const id of ids) {
          doubtful.delete(id);
          taken.add(id);
        }
        return;
      }
      await pause(signal.aborted ? 500 : 100);
    }
  };
  return {
    name,
    pipeline: '',
    taken,
    doubtful,
    async run({ url }, signal) {
      const sender = async () => {
        while (!signal.aborted) {
          await send(url, signal);
          await pause(20);
        }
      };
      await Promise.all([sender(), sender(), sender()]);
    },
    async close() {},
  };
}

export function ndjsonRequest(lines: readonly string[]): PreparedRequest {
  return {
    path: '/ingest/ndjson?service=campaign',
    headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': randomUUID() },
    body: lines.join(''),
  };
}

/** Written from the documented protocol: no local server sends it with its headers. */
export function firehoseRequest(lines: readonly string[]): PreparedRequest {
  const requestId = randomUUID();
  const records = lines.map((line) => ({ data: Buffer.from(line).toString('base64') }));
  return {
    path: '/ingest/firehose',
    headers: {
      'content-type': 'application/json',
      'x-amz-firehose-protocol-version': '1.0',
      'x-amz-firehose-request-id': requestId,
      'x-amz-firehose-source-arn': 'arn:aws:firehose:us-east-1:123456789012:deliverystream/campaign',
    },
    body: JSON.stringify({ requestId, timestamp: Date.now(), records }),
  };
}
