import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { withOwnAbort } from '../../waiting/own-abort.ts';
import type { Answer } from './answer.ts';
import { explainNoAnswer, isUnknownToken } from './explain-fault.ts';
import { type AwsSigning, RequestSigner } from './request-signer.ts';

/** Where a cluster is, and who asks. */
export interface ClusterAccess {
  /** Without a slash at its end. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly apiKey?: string;
  /** Requests are signed, instead of a user or an API key. */
  readonly aws?: AwsSigning;
  /** Of request bodies. */
  readonly compression: 'none' | 'gzip';
}

/** Longer than the minute that a cluster itself waits for a shard. */
const mostMs = 120_000;
const mostRetryAfterMs = 60_000;
const compress = promisify(gzip);

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

interface Body {
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** Requests to the HTTP API of OpenSearch or Elasticsearch. */
export class Cluster {
  readonly #access: ClusterAccess;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #signer: RequestSigner | undefined;

  constructor(access: ClusterAccess) {
    this.#access = access;
    this.#signer = access.aws && new RequestSigner(access.url, access.aws);
    this.#headers = { 'user-agent': 'tailrace', accept: 'application/json', ...authorization(access) };
  }

  get url(): string {
    return this.#access.url;
  }

  /** Whether it is a collection of OpenSearch Serverless, which has only some of the API. */
  get isServerless(): boolean {
    return this.#access.aws?.service === 'aoss';
  }

  /** @throws ClusterFault when there is no answer; an answer of any status is one */
  async ask(method: Method, path: string, signal: AbortSignal, body?: Body): Promise<Answer> {
    const answer = await this.#send(method, path, signal, body);
    if (!this.#signer || !isUnknownToken(answer)) return answer;
    this.#signer.forget();
    return this.#send(method, path, signal, body);
  }

  async #send(method: Method, path: string, signal: AbortSignal, body?: Body): Promise<Answer> {
    const { compression } = this.#access;
    const address = `${this.url}${path}`;
    const isCompressed = body !== undefined && compression === 'gzip';
    // A copy of its type: fetch takes no view of shared memory.
    const bytes = (isCompressed ? await compress(body.bytes, { level: 1 }) : body?.bytes) as
      | Uint8Array<ArrayBuffer>
      | undefined;
    const plainHeaders = {
      ...this.#headers,
      ...(body ? { 'content-type': body.type } : {}),
      ...(isCompressed ? { 'content-encoding': 'gzip' } : {}),
    };
    const headers = this.#signer ? await this.#signer.sign(method, address, plainHeaders, bytes) : plainHeaders;
    return withOwnAbort(signal, async (own) => {
      const timer = setTimeout(() => own.abort(new DOMException('no answer', 'TimeoutError')), mostMs);
      try {
        const response = await fetch(address, {
          method,
          headers,
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
        throw explainNoAnswer(this.url, cause);
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
