import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createServer } from '../../../src/server/create-server.ts';
import { HttpSource } from '../../../src/sources/http/http-source.ts';
import type { Content, InputUnderTest } from '../source-under-test.ts';

export interface SentRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** A sender, and the server that a run starts for it. */
export async function openHttpSender(
  requestOf: (id: string, content: Content) => SentRequest,
): Promise<InputUnderTest> {
  const offered = new Map<string, SentRequest>();
  const pending = new Set<SentRequest>();
  let refused = 0;
  /** Sends a request once. */
  const send = async (url: string, request: SentRequest, signal: AbortSignal) => {
    const { path, headers, body } = request;
    const answer = await fetch(url + path, { method: 'POST', headers, body, signal });
    const text = await answer.text();
    if (answer.status >= 500 || answer.status === 429) return;
    if (pending.delete(request) && (!answer.ok || text.includes('"errors":true'))) refused++;
  };
  return {
    offer: async (name, content) => {
      const request = requestOf(randomUUID(), content);
      offered.set(name, request);
      pending.add(request);
    },
    repeat: async (name) => {
      const request = offered.get(name);
      if (request) pending.add({ ...request });
    },
    run: async (sink, signal) => {
      const intake = new HttpSource();
      const running = intake.run(sink, signal);
      const server = await createServer({
        // No test asks a question.
        engine: undefined as never,
        config: { host: '127.0.0.1', port: 0 },
        version: '0.0.0',
        consoleFolder: '/none',
        intake,
      });
      const url = await server.listen();
      while (!signal.aborted) {
        await Promise.allSettled([...pending].map((request) => send(url, request, signal)));
        await pause(20);
      }
      await server.stop(0);
      await running;
    },
    unacknowledged: async () => pending.size,
    refused: () => refused,
  };
}
