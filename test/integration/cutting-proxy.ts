import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What happens to the next matching request. */
export interface Cut {
  /** Matches a request by its statement. */
  readonly isMeant: (sql: string) => boolean;
  /** Delay of the complete request after its sender was disconnected. */
  readonly heldMs: number;
}

/** Between a client and an HTTP server: forwards requests, and disconnects the sender of some after their last byte. */
export class CuttingProxy {
  readonly #target: URL;
  readonly #server: Server;
  readonly #onTheirWay = new Set<Promise<void>>();
  #cut: Cut | undefined;
  cuts = 0;

  private constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer({ maxHeaderSize: 16 * 1024 * 1024 }, (incoming, response) => {
      const passed = this.#pass(incoming, response)
        .catch(() => void response.destroy())
        .finally(() => this.#onTheirWay.delete(passed));
      this.#onTheirWay.add(passed);
    });
  }

  static async open(target: string): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  cutNext(cut: Cut): void {
    this.#cut = cut;
  }

  /** Waits until the server has answered every request. */
  async settle(): Promise<void> {
    while (this.#onTheirWay.size > 0) await Promise.allSettled(this.#onTheirWay);
  }

  async close(): Promise<void> {
    await this.settle();
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const path = incoming.url ?? '/';
    // A statement with a body is in the URL.
    const sql = new URL(path, this.#target).searchParams.get('query') ?? body.toString();
    const cut = this.#cut?.isMeant(sql) ? this.#cut : undefined;
    if (cut) {
      this.#cut = undefined;
      this.cuts++;
      if (cut.heldMs > 0) {
        response.destroy();
        await delay(cut.heldMs);
      }
    }
    const { 'transfer-encoding': _, 'content-length': __, ...headers } = incoming.headers;
    const outgoing = request(new URL(path, this.#target), {
      ...(incoming.method ? { method: incoming.method } : {}),
      headers: { ...headers, 'content-length': body.length },
    });
    outgoing.end(body, () => {
      if (cut) response.destroy();
    });
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    if (!cut) response.writeHead(answer.statusCode ?? 500, answer.headers);
    for await (const chunk of answer) if (!cut) response.write(chunk);
    response.end();
  }
}
