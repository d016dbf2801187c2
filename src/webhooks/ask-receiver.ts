import { withOwnAbort } from '../waiting/own-abort.ts';
import type { Answer } from './judge-answer.ts';

export interface Asked {
  readonly method: 'POST' | 'OPTIONS';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** Of an answer; a longer body costs the connection. */
const mostAnswerBytes = 64 * 1024;
/** Of them, what is shown of an answer and more. */
const mostStartBytes = 4096;

/**
 * Sends one request and reads the start of its answer, so that the connection is used again. Follows no redirect, lest
 * credentials go elsewhere.
 * @param timeoutMs for the whole of the request and its answer
 * @throws when no answer comes: what `explainNetworkFault` explains; or the reason of the signal
 */
export function askReceiver(
  url: string,
  { method, headers, body }: Asked,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Answer> {
  return withOwnAbort(signal, async (own) => {
    const timer = setTimeout(() => own.abort(new DOMException('no answer', 'TimeoutError')), timeoutMs);
    try {
      const request: RequestInit = { method, headers, redirect: 'manual', signal: own.signal };
      const answer = await fetch(url, body ? { ...request, body: body as Uint8Array<ArrayBuffer> } : request);
      return { status: answer.status, headers: answer.headers, start: await readStart(answer) };
    } catch (cause) {
      signal.throwIfAborted();
      throw cause;
    } finally {
      clearTimeout(timer);
    }
  });
}

async function readStart({ body }: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body ?? []) {
    pieces.push(piece);
    length += piece.length;
    if (length > mostAnswerBytes) break;
  }
  return Buffer.concat(pieces).subarray(0, mostStartBytes).toString();
}
