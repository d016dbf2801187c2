import { createServer, type TailraceServer } from '../../../src/server/create-server.ts';
import { MemorySink } from '../../../src/sources/test-doubles/memory-sink.ts';

export interface IntakeServer {
  readonly sink: MemorySink;
  readonly server: TailraceServer;
  /** `http://127.0.0.1:NNNN` */
  readonly url: string;
  readonly port: number;
}

/** The real server on a free port, over a sink that remembers. */
export async function startIntakeServer(token?: string): Promise<IntakeServer> {
  const sink = new MemorySink();
  const server = await createServer({
    // No question is asked.
    engine: undefined as never,
    config: { host: '127.0.0.1', port: 0 },
    version: '1.2.3',
    consoleFolder: '/none',
    intake: sink,
    ...(token === undefined ? {} : { token }),
  });
  const url = await server.listen();
  return { sink, server, url, port: Number(new URL(url).port) };
}
