import type { sourceKinds } from '../../src/config/sections/sources/source-kinds.ts';
import type { IntakeName } from '../../src/sources/http/intake-counts.ts';
import type { Checkpoints, Sink } from '../../src/sources/source.ts';

export type SourceCase =
  | 'restart'
  | 'kill before the close'
  | 'kill after the close'
  | 'store away and back'
  | 'two pipelines'
  | 'duplicate delivery'
  | 'reordered delivery'
  | 'empty delivery'
  | 'unparsable delivery';

/** A source or an intake, with the transport that it reads. */
export interface SourceUnderTest {
  readonly name: string;
  /** `type` in the configuration, name of the intake, or the command. */
  readonly kind: keyof typeof sourceKinds | IntakeName | 'ingest';
  /** Cases that do not apply, and why. */
  readonly exceptions: Readonly<Partial<Record<SourceCase, string>>>;
  /** What becomes of a delivery that cannot be parsed: kept as rejects, or its sender is told that it is refused. */
  readonly unparsable: 'rejected' | 'refused';
  /** @param folder empty, and only for this input */
  openInput(folder: string): Promise<InputUnderTest>;
  /** Stops what the inputs share. */
  close?(): Promise<void>;
}

/** Messages of log lines, or bytes that are no lines. No messages: an empty delivery. */
export type Content = readonly string[] | 'unparsable';

/** One input: it outlives the runs that read it, as a queue outlives the program. */
export interface InputUnderTest {
  /** Makes a delivery available. Of two names the lesser one is meant to come first. */
  offer(name: string, content: Content): Promise<void>;
  /** Delivers once more what was offered under this name; absent where no transport does that. */
  repeat?(name: string): Promise<void>;
  /** As in {@link Source}. */
  readonly exclusiveInput?: () => Promise<string>;
  /** Reads the input into the sink until the signal aborts. */
  run(sink: Sink & Checkpoints, signal: AbortSignal): Promise<void>;
  /** Number of deliveries that the transport would deliver again, because nobody acknowledged them. */
  unacknowledged(checkpoints: Checkpoints): Promise<number>;
  /** Number of deliveries whose sender was told that they are refused. */
  refused?(): number;
  close?(): Promise<void>;
}

const unparsable = Buffer.from([0, 1, 2, 10, 255, 254, 10]);

/** Lines of an application, each with its message; for transports that carry bytes. */
export function bytesOf(content: Content): Buffer {
  if (content === 'unparsable') return unparsable;
  return Buffer.from(content.map((message) => `${logLine(message)}\n`).join(''));
}

export function logLine(message: string): string {
  return JSON.stringify({ level: 'info', time: 1_700_000_000_000, msg: message });
}
