import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { LineCutter } from '../../framing/lines/line-cutter.ts';
import { unpackStream } from '../../framing/lines/unpack-lines.ts';
import { maxLineBytes } from '../../schema/line-bound.ts';
import type { Sink, Source, SourceStatus } from '../source.ts';

export interface StdinSourceOptions {
  readonly pipeline: string;
  /** Default: standard input of the process. */
  readonly input?: Readable;
}

/** Reads piped lines until the input ends; lines in the pipe are lost when the process dies. No I/O here. */
export function createStdinSource(options: StdinSourceOptions): Source {
  return new StdinSource(options);
}

/** Largest delivery; no line is longer once it has been cut. */
const maxChunkBytes = maxLineBytes + 2;
/** How long a line waits for others. */
const gatherMs = 200;
/** Time for the store to accept the last lines when the program stops, since they cannot be read again. */
const graceMs = 10_000;

const newline = Buffer.from('\n');

class StdinSource implements Source {
  readonly type = 'stdin';
  readonly #options: StdinSourceOptions;
  #state: SourceStatus['state'] = 'starting';
  #waitingSinceMs: number | undefined;

  constructor(options: StdinSourceOptions) {
    this.#options = options;
  }

  async check(): Promise<readonly string[]> {
    const input = this.#options.input ?? process.stdin;
    return 'isTTY' in input && input.isTTY
      ? ['cannot read standard input: it is a terminal; pipe lines into it: program | tailrace up']
      : [];
  }

  async run(sink: Sink, signal: AbortSignal): Promise<void> {
    const { input = process.stdin, pipeline } = this.#options;
    const context = { filename: 'stdin', group: pipeline, stream: 'stdin', host: hostname() };
    const runId = randomUUID();
    const late = new AbortController();
    const giveUp = () => pause(graceMs, undefined, { ref: false }).then(() => late.abort(signal.reason));
    signal.addEventListener('abort', giveUp, { once: true });
    this.#state = 'running';
    let from = 0;
    let storing: Promise<unknown> = Promise.resolve();
    try {
      for await (const lines of gatherLines(input, signal)) {
        await storing;
        const until = from + lines.length;
        const chunks = lines.at(-1) === newline[0] ? [lines] : [lines, newline];
        const content = { kind: 'lines', chunks, place: from === 0 ? 'beginning' : 'middle' } as const;
        const arrivedAtMs = Date.now();
        this.#waitingSinceMs = arrivedAtMs;
        const version = `${runId}:${from}-${until}`;
        const delivery = { origin: 'stdin', version, content, context: { ...context, arrivedAtMs } };
        // The next lines are gathered meanwhile.
        storing = sink.store([delivery], { signal: late.signal }).finally(() => {
          this.#waitingSinceMs = undefined;
        });
        storing.catch(() => {});
        from = until;
      }
      await storing;
    } finally {
      signal.removeEventListener('abort', giveUp);
      this.#state = 'stopped';
    }
  }

  status(): SourceStatus {
    const since = this.#waitingSinceMs;
    const part = { name: 'stdin', ...(since === undefined ? {} : { oldestUnacknowledgedMs: Date.now() - since }) };
    return { state: this.#state, retries: 0, parts: [part] };
  }
}

/** Whole lines that arrive within {@link gatherMs} or fit {@link maxChunkBytes}; the last may lack its newline. */
async function* gatherLines(input: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  const reads = unpackStream(bytesOf(input), { leastBytes: headBytes, maxBytes: Number.POSITIVE_INFINITY });
  const nextPart = () =>
    reads.next().then(
      ({ done, value }) => (done ? undefined : value),
      (cause: Error) => {
        if (signal.aborted) return undefined;
        throw new Error(`cannot read standard input: ${cause.message}; start it again`, { cause });
      },
    );
  const stop = () => input.destroy();
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  const cutter = new LineCutter();
  let part: Promise<Uint8Array | undefined> = nextPart();
  let rest = Buffer.alloc(0);
  for (let isAtEnd = false; !isAtEnd; ) {
    const parts: Buffer[] = [rest];
    let flush: Promise<'flush'> | undefined;
    for (let bytes = rest.length; bytes < maxChunkBytes && !isAtEnd; ) {
      const come = await Promise.race(flush ? [part.then(boxed), flush] : [part.then(boxed)]);
      if (come === 'flush') break;
      if (come.value === undefined) isAtEnd = true;
      else {
        for (const piece of cutter.push(come.value)) {
          bytes += piece.length;
          parts.push(Buffer.from(piece));
        }
        flush ??= pause(gatherMs, 'flush' as const);
        part = nextPart();
      }
    }
    const all = Buffer.concat(parts);
    const end = isAtEnd || !all.includes(newline) ? all.length : all.lastIndexOf(newline) + 1;
    const isWhole = isAtEnd || all.includes(newline) || all.length >= maxChunkBytes;
    rest = all.subarray(isWhole ? end : 0);
    if (isWhole && end > 0) yield all.subarray(0, end);
  }
  signal.removeEventListener('abort', stop);
}

/** A magic number or a byte order mark. */
const headBytes = 2;

/** A stream with an encoding yields strings. */
async function* bytesOf(input: AsyncIterable<Buffer | string>): AsyncGenerator<Uint8Array> {
  for await (const part of input) yield Buffer.from(part);
}

function boxed(value: Uint8Array | undefined) {
  return { value };
}
