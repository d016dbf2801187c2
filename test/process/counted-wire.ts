import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A wire to a server on this machine that counts what goes to it, also in the middle of a request. */
export class CountedWire {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #waiting: { readonly bytes: number; readonly done: () => void } | undefined;
  /** That have passed to the server. */
  bytes = 0;

  private constructor(target: URL) {
    this.#server = createServer((near) => {
      const far = connect(Number(target.port), target.hostname);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(one);
        one.on('error', () => other.destroy()).on('close', () => other.destroy());
      }
      far.pipe(near);
      near.on('data', (chunk) => this.#pass(chunk)).pipe(far);
    });
  }

  static async open(target: string): Promise<CountedWire> {
    const wire = new CountedWire(new URL(target));
    wire.#server.listen(0, '127.0.0.1');
    await once(wire.#server, 'listening');
    return wire;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when so many more bytes have passed. */
  passed(more: number): Promise<void> {
    return new Promise((done) => {
      this.#waiting = { bytes: this.bytes + more, done };
    });
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #pass(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.#waiting && this.bytes >= this.#waiting.bytes) {
      this.#waiting.done();
      this.#waiting = undefined;
    }
  }
}
