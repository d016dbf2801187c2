import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Random } from '../../bench/traffic/random.ts';

/** Takes webhooks, and drops those whose key it knows. Some of its answers are lost, and some are refusals for now. */
export class KeyedReceiver {
  readonly url: string;
  /** Bodies by path and key, in the order in which they came first. */
  readonly #taken = new Map<string, Map<string, string>>();
  /** Keys that came again with another body. */
  readonly changed: string[] = [];
  /** Messages whose key was known. */
  repeated = 0;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(random: Random): Promise<KeyedReceiver> {
    const server = createServer(async (request, response) => {
      const body = await text(request);
      if (random.chance(0.05)) return response.writeHead(503).end();
      receiver.#take(request.url ?? '', String(request.headers['idempotency-key']), body);
      return random.chance(0.05) ? response.destroy() : response.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const receiver = new KeyedReceiver(server);
    return receiver;
  }

  taken(path: string): ReadonlyMap<string, string> {
    return this.#taken.get(path) ?? new Map();
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #take(path: string, key: string, body: string): void {
    const known = this.#taken.get(path) ?? new Map<string, string>();
    this.#taken.set(path, known);
    const before = known.get(key);
    if (before === undefined) known.set(key, body);
    else this.repeated++;
    if (before !== undefined && before !== body) this.changed.push(key);
  }
}
