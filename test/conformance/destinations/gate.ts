import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { PlaceUnderTest } from '../destination-under-test.ts';

export interface GatedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As it came. */
  readonly bytes: Buffer;
  /** Decompressed. */
  readonly body: string;
}

export interface GatedAnswer {
  readonly status: number;
  /** Bytes as they are, anything else as JSON. */
  readonly body: unknown;
}

type Stage = 'request' | 'answer';

/** An HTTP server in front of another one that can be made to fail as networks and servers do. */
export class Gate {
  readonly #answer: (request: GatedRequest) => Promise<GatedAnswer>;
  readonly #server: Server;
  #port = 0;
  #given: { readonly answer: GatedAnswer; readonly isMeant: (request: GatedRequest) => boolean } | undefined;
  #isSilent: (request: GatedRequest) => boolean = () => false;
  #hear = () => {};
  readonly #watchers = new Set<(stage: Stage, request: GatedRequest) => void>();

  private constructor(answer: (request: GatedRequest) => Promise<GatedAnswer>) {
    this.#answer = answer;
    this.#server = createServer((incoming, response) => {
      this.#serve(incoming, response).catch(() => incoming.socket.destroy());
    });
  }

  static async open(answer: (request: GatedRequest) => Promise<GatedAnswer>): Promise<Gate> {
    const gate = new Gate(answer);
    await gate.pass();
    return gate;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Nothing listens any more. */
  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** @param isMeant whether a request gets this answer; default all */
  answerAll(answer: GatedAnswer, isMeant: (request: GatedRequest) => boolean = () => true): void {
    this.#given = { answer, isMeant };
  }

  /** The bad days of a place that is reached through the gate. @param isDelivery whether a request delivers */
  faults(
    isDelivery: (request: GatedRequest) => boolean,
  ): Required<Pick<PlaceUnderTest, 'away' | 'silence' | 'back' | 'moment'>> {
    return {
      away: async () => this.close(),
      silence: () => ({ heard: this.silence(isDelivery) }),
      back: () => this.pass(),
      // A delivery, for a kill during the set-up of the place finds nothing that could be lost.
      moment: (number, signal) => this.#moment(number % 2 === 0 ? 'request' : 'answer', isDelivery, signal),
    };
  }

  /** Such requests pass, but get no answer. Resolves when there is one. */
  silence(isSilent: (request: GatedRequest) => boolean): Promise<void> {
    this.#isSilent = isSilent;
    return new Promise((resolve) => {
      this.#hear = resolve;
    });
  }

  /** Everything passes, at the same address as before. */
  async pass(): Promise<void> {
    this.#given = undefined;
    this.#isSilent = () => false;
    if (this.#server.listening) return;
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Resolves when the next such request has come, or its answer is about to go. */
  #moment(stage: Stage, isMeant: (request: GatedRequest) => boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#watchers.delete(watch);
        resolve();
      };
      const watch = (seen: Stage, request: GatedRequest) => {
        if (seen === stage && isMeant(request)) done();
      };
      this.#watchers.add(watch);
      signal.addEventListener('abort', done, { once: true });
    });
  }

  async end(): Promise<void> {
    this.close();
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const body = (incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
    const { method = '', url: path = '', headers } = incoming;
    const request = { method, path, headers, bytes, body };
    for (const watch of this.#watchers) watch('request', request);
    const given = this.#given?.isMeant(request) ? this.#given.answer : undefined;
    const answer = given ?? (await this.#answer(request));
    if (this.#isSilent(request)) {
      this.#hear();
      return;
    }
    for (const watch of this.#watchers) watch('answer', request);
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(answer.body instanceof Uint8Array ? answer.body : JSON.stringify(answer.body));
  }
}
