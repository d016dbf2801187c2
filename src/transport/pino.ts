import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import build from 'pino-abstract-transport';
import { Outbox } from './outbox.ts';
import { type Destination, sendBatch } from './send-batch.ts';
import { defaultSpillDirectory, SpillFolder } from './spill-folder.ts';

export interface PinoTransportOptions {
  /** Address of tailrace: `http://127.0.0.1:4280`. */
  readonly url: string;
  /** `server.token` of tailrace. */
  readonly token?: string;
  /** Columns of `logs` that the lines do not contain. */
  readonly service?: string;
  readonly host?: string;
  readonly group?: string;
  /** Longest time a line waits for a batch to fill, milliseconds; default 500. */
  readonly flushMs?: number;
  /** Size of a batch, bytes; default 1 MiB. */
  readonly batchBytes?: number;
  /** Memory for batches while the server takes none, compressed bytes; default 8 MiB. */
  readonly maxBufferBytes?: number;
  /**
   * Folder for batches beyond that, and for those unsent at exit, until the next start; `false`: they are lost.
   * Default: a folder of this user in the system's temporary directory.
   */
  readonly spillDirectory?: string | false;
  /** Limit of that folder, bytes; default 256 MiB. Beyond it the oldest batch is lost. */
  readonly maxSpillBytes?: number;
  /** How long exit waits for the server, milliseconds; default 5000. Pino itself exits after 10 s. */
  readonly exitMs?: number;
}

/**
 * A pino transport: `pino({ transport: { target: 'tailrace/pino', options: { url } } })`. Runs in its own thread, so
 * the application never waits for it. Each line is stored once, however often it is sent.
 */
export default function tailracePino(options: PinoTransportOptions) {
  const shipment = new Shipment(options);
  return build(
    (lines) => {
      lines.on('data', (line: string) => shipment.add(line));
    },
    // Lines are sent unchanged, so parsing them here is not needed.
    { parse: 'lines', parseLine: () => ({}), metadata: false, close: () => shipment.close() },
  );
}

const firstPauseMs = 250;
const longestPauseMs = 30_000;
const longestRetryAfterMs = 300_000;

/** Collects lines and sends them, one batch at a time. */
class Shipment {
  readonly #options: PinoTransportOptions;
  readonly #destination: Destination;
  readonly #outbox: Outbox;
  readonly #folder: SpillFolder | undefined;
  /** Ends the backoff: the next batch is sent at once. */
  readonly #hurry = new AbortController();
  /** Aborts sending altogether. */
  readonly #late = new AbortController();
  #lines: string[] = [];
  #lineBytes = 0;
  #flush: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #deadlineMs = Number.POSITIVE_INFINITY;
  #wasWarned = false;

  constructor(options: PinoTransportOptions) {
    const { token, spillDirectory = defaultSpillDirectory() } = options;
    this.#options = options;
    const url = intakeUrl(options);
    this.#destination = { url, ...(token === undefined ? {} : { token }) };
    this.#folder = spillDirectory === false ? undefined : new SpillFolder(spillDirectory, url.href);
    this.#outbox = new Outbox({
      maxBufferBytes: options.maxBufferBytes ?? 8 * 2 ** 20,
      maxSpillBytes: options.maxSpillBytes ?? 256 * 2 ** 20,
      ...(this.#folder ? { folder: this.#folder } : {}),
      warn: (text) => this.#warn(text),
    });
    this.#send();
  }

  add(line: string): void {
    this.#lines.push(line, '\n');
    this.#lineBytes += line.length + 1;
    if (this.#lineBytes >= (this.#options.batchBytes ?? 2 ** 20)) this.#seal();
    else this.#flush ??= setTimeout(() => this.#seal(), this.#options.flushMs ?? 500);
  }

  /** Sends the remaining batches for as long as exit may wait, and keeps the rest for the next process. */
  async close(): Promise<void> {
    const { exitMs = 5000 } = this.#options;
    this.#deadlineMs = Date.now() + exitMs;
    const deadline = setTimeout(() => this.#late.abort(), exitMs);
    this.#seal();
    this.#hurry.abort();
    await this.#sending;
    clearTimeout(deadline);
    this.#outbox.close();
  }

  #seal(): void {
    clearTimeout(this.#flush);
    this.#flush = undefined;
    if (this.#lines.length > 0) this.#outbox.add(this.#lines.join(''));
    this.#lines = [];
    this.#lineBytes = 0;
    this.#send();
  }

  #send(): void {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
  }

  async #sendAll(): Promise<void> {
    const { signal } = this.#late;
    for (let attempt = 0; !signal.aborted; ) {
      const batch = this.#outbox.first();
      if (!batch) return;
      const result = await sendBatch(this.#destination, batch, signal);
      if (result.kind === 'later') {
        this.#warnOnce(`${result.reason}; they wait and are sent again`);
        await this.#pause(attempt++, result.retryAfterMs);
        continue;
      }
      if (result.kind === 'refused') this.#setAside(batch, result.reason);
      else this.#wasWarned = false;
      this.#outbox.remove(batch.key);
      attempt = 0;
    }
  }

  /** Exponential backoff, at least as long as the server asks; at exit, if that is too long, it stops retrying. */
  async #pause(attempt: number, retryAfterMs = 0): Promise<void> {
    const backoffMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempt, 16)) * (0.5 + Math.random() / 2);
    const waitMs = Math.max(backoffMs, Math.min(retryAfterMs, longestRetryAfterMs));
    if (Date.now() + waitMs > this.#deadlineMs) this.#late.abort();
    const { signal } = this.#hurry.signal.aborted ? this.#late : this.#hurry;
    await pause(waitMs, undefined, { signal }).catch(() => {});
  }

  #setAside(batch: { readonly key: string; readonly body: Buffer }, reason: string): void {
    try {
      const place = this.#folder?.setAside(batch.key, batch.body);
      this.#warn(`${reason}; ${place ? `they are kept in "${place}"` : 'they are lost'}`);
    } catch (cause) {
      this.#warn(`${reason}; they are lost, since they cannot be kept: ${(cause as Error).message}`);
    }
  }

  #warnOnce(text: string): void {
    if (!this.#wasWarned) this.#warn(text);
    this.#wasWarned = true;
  }

  /** Not through the logger itself, which would send it here again. */
  #warn(text: string): void {
    const { url } = this.#destination;
    try {
      writeSync(2, `tailrace/pino: cannot send logs to "${url.origin}": ${text}\n`);
    } catch {
      // Standard error is closed.
    }
  }
}

/** @throws Error when the URL is invalid */
function intakeUrl({ url, service, host, group }: PinoTransportOptions): URL {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new Error('cannot send logs: options.url is no address; write one like http://127.0.0.1:4280');
  }
  const intake = new URL('ingest/ndjson', url.endsWith('/') ? url : `${url}/`);
  for (const [name, value] of Object.entries({ service, host, group })) {
    if (value !== undefined) intake.searchParams.set(name, value);
  }
  return intake;
}
