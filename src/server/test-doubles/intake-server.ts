import { afterEach, beforeEach } from 'vitest';
import { MemorySink } from '../../sources/test-doubles/memory-sink.ts';
import { runningHttpSource } from '../../sources/test-doubles/running-http-source.ts';
import { createServer, type TailraceServer } from '../create-server.ts';

export interface IntakeServer {
  readonly sink: MemorySink;
  readonly server: TailraceServer;
  /** `http://127.0.0.1:NNNN` */
  readonly url: string;
  readonly port: number;
}

/** The real server on a free port, over a recording sink. */
export async function startIntakeServer(token?: string): Promise<IntakeServer> {
  const sink = new MemorySink();
  const server = await createServer({
    // These tests run no query.
    engine: undefined as never,
    config: { host: '127.0.0.1', port: 0, ...(token === undefined ? {} : { token }) },
    version: '1.2.3',
    consoleFolder: '/none',
    intake: runningHttpSource(sink),
  });
  const url = await server.listen();
  return { sink, server, url, port: Number(new URL(url).port) };
}

/** One server for each test of a file, and a function to post to it. */
export function setUpIntakeServer() {
  let current: IntakeServer | undefined;
  const started = () => {
    if (!current) throw new Error('BUG: no test is running');
    return current;
  };
  beforeEach(async () => {
    current = await startIntakeServer();
  });
  afterEach(() => started().server.stop(0));
  return {
    get sink() {
      return started().sink;
    },
    get server() {
      return started().server;
    },
    get url() {
      return started().url;
    },
    get port() {
      return started().port;
    },
    post: (path: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
      fetch(started().url + path, { method: 'POST', body, headers }),
  };
}
