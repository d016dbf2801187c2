import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';

export interface SeenRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** As they came. */
  readonly bytes: Buffer;
  /** Decompressed. */
  readonly text: string;
}

/** Status and body; `undefined` ends the connection without an answer. */
export type FakeAnswer = readonly [status: number, body: unknown, headers?: Record<string, string>] | undefined;

export interface FakeCluster {
  readonly url: string;
  readonly requests: SeenRequest[];
  /** Ids of the documents of each `_bulk` request. */
  bulks(): string[][];
}

/** Answers as a test says, over real HTTP. */
export async function startFakeCluster(
  answer: (request: SeenRequest, number: number) => FakeAnswer,
): Promise<FakeCluster> {
  const requests: SeenRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const { method = '', url = '', headers } = incoming;
    const text = (headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
    const request = { method, path: url, headers, bytes, text };
    requests.push(request);
    const given = answer(request, requests.length);
    if (given === undefined) {
      incoming.socket.destroy();
      return;
    }
    const [status, body, more = {}] = given;
    response.writeHead(status, { 'content-type': 'application/json', ...more });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    bulks: () => requests.filter(({ path }) => path.startsWith('/_bulk')).map(({ text }) => idsOf(text)),
  };
}

/** Ids of the documents of a `_bulk` body, in order. Throws when a line is no JSON. */
export function idsOf(body: string): string[] {
  const lines = body.split('\n');
  if (lines.pop() !== '') throw new Error('the last line is cut');
  const parsed = lines.map((line) => JSON.parse(line));
  return parsed.flatMap((line, index) => (index % 2 === 0 ? [line.create._id] : []));
}

export interface FakeOutcome {
  readonly status: number;
  readonly error?: { readonly type: string; readonly reason: string; readonly caused_by?: { readonly reason: string } };
}

/** The answer to a `_bulk` request, with an outcome for each document. */
export function bulkAnswer({ text }: SeenRequest, outcomeOf: (id: string) => FakeOutcome): FakeAnswer {
  const items = idsOf(text).map((id) => ({ create: outcomeOf(id) }));
  return [200, { errors: items.some(({ create }) => create.status >= 300), items }];
}
