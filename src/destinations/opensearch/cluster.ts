import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { withOwnAbort } from '../../waiting/own-abort.ts';
import type { Answer } from './answer.ts';
import { explainNoAnswer } from './explain-fault.ts';

/** Where a cluster is, and who asks. */
export interface ClusterAccess {
  /** Without a slash at its end. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly apiKey?: string;
  /** Of request bodies. */
  readonly compression: 'none' | 'gzip';
}

/** Longer than the minute that a cluster itself waits for a shard. */
const mostMs = 120_000;
const mostRetryAfterMs = 60_000;
const compress = promisify(gzip);

/** Requests to the HTTP API of OpenSearch or Elasticsearch. */
export class Cluster {
  readonly #access: ClusterAccess;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(access: ClusterAccess) {
    this.#access = access;
    this.#headers = { 'user-agent': 'tailrace', accept: 'application/json', ...authorization(access) };
  }

  get url(): string {
    return this.#access.url;
  }

  /** @throws ClusterFault when there is no answer; an answer of any status is one */
  async ask(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    signal: AbortSignal,
    body?: { readonly type: string; readonly bytes: Uint8Array },
  ): Promise<Answer> {
    const { url, compression } = this.#access;
    const isCompressed = body !== undefined && compression === 'gzip';
    // A copy of its type: fetch takes no view of shared memory.
    const bytes = (isCompressed ? await compress(body.bytes, { level: 1 }) : body?.bytes) as
      | Uint8Array<ArrayBuffer>
      | undefined;
    return withOwnAbort(signal, async (own) => {
      const timer = setTimeout(() => own.abort(new DOMException('no answer', 'TimeoutError')), mostMs);
      try {
        const response = await fetch(`${url}${path}`, {
          method,
          headers: {
            ...this.#headers,
            ...(body ? { 'content-type': body.type } : {}),
            ...(isCompressed ? { 'content-encoding': 'gzip' } : {}),
          },
          ...(bytes ? { body: bytes } : {}),
          redirect: 'manual',
          signal: own.signal,
        });
        const text = await response.text();
        return {
          status: response.status,
          body: parseJson(text),
          text: text.slice(0, 500),
          retryAfterMs: Math.min(mostRetryAfterMs, 1000 * (Number(response.headers.get('retry-after')) || 0)),
        };
      } catch (cause) {
        signal.throwIfAborted();
        throw explainNoAnswer(url, cause);
      } finally {
        clearTimeout(timer);
      }
    });
  }
}

function authorization({ username, password = '', apiKey }: ClusterAccess): Record<string, string> {
  if (apiKey !== undefined) return { authorization: `ApiKey ${apiKey}` };
  if (username === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
