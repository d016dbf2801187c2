import { maxLineBytes } from '../../schema/line-bound.ts';
import { type CarriedText, type CarrierName, carriedText, endOfText, syslogText } from './carrier.ts';
import {
  beginEvent,
  continuesEvent,
  type EventState,
  goOnEvent,
  isBlank,
  isStatement,
  surelyBegins,
} from './continuation.ts';
import { eventMark } from './event-mark.ts';

const newline = 0x0a;
const ended = Buffer.from('\n');

/** Enough for a Java stack overflow with its causes. */
const maxEventLines = 5000;
/** Limits on what is held until the events of all streams end, lines and bytes. */
const maxWaiting = { lines: 10_000, bytes: maxLineBytes };

export interface JoinOptions {
  /** The carrier of the lines, if it splits long ones or mixes streams. */
  readonly carrier?: CarrierName;
  /** Whether traces are joined, not only the parts of a line. */
  readonly joinsTraces: boolean;
  /** 0-based number of the first new line: earlier lines are stored, and nothing can be joined to them. */
  readonly beginsAt: number;
  /** Whether the first line may continue an event that is stored already. */
  readonly isRest: boolean;
}

/** A line that is held, or several to which nothing is joined. */
interface Slot {
  readonly parts: Uint8Array[];
  bytes: number;
  /** Whether lines may still be joined to it. */
  isOpen: boolean;
}

/** The current event of a stream. */
interface OpenEvent {
  readonly slot: Slot;
  readonly text: CarriedText;
  state: EventState;
  isPart: boolean;
  lines: number;
  blankLines: number;
}

/**
 * Joins the lines of events, chunk by chunk: the lines of a stack trace to the line before them, and the parts of a line that
 * a container runtime split. A joined line is replaced by an empty one, so that lines keep their
 * numbers. Newlines within an event become {@link eventMark}; one without an available beginning starts with a mark.
 */
export class EventJoiner {
  readonly #options: JoinOptions;
  readonly #streams = new Map<string, OpenEvent>();
  /** Streams with a cut event; their next line is marked accordingly. */
  readonly #cut = new Set<string>();
  readonly #known = new Set<string>();
  #slots: Slot[] = [];
  #done: Slot[] = [];
  #waitingBytes = 0;
  /** The beginning of a line whose end has not arrived. */
  #rest: Uint8Array[] = [];
  #line = 0;
  #joined = 0;

  constructor(options: JoinOptions) {
    this.#options = options;
  }

  /** Number of lines that were joined to others, or that continue an event whose beginning is not available. */
  get joined(): number {
    return this.#joined;
  }

  /** @returns the bytes that are complete so far */
  push(chunk: Uint8Array): Uint8Array {
    let from = this.#passOn(chunk, 0);
    for (let at = chunk.indexOf(newline, from); at !== -1; at = chunk.indexOf(newline, from)) {
      const end = chunk.subarray(from, at);
      this.#take(this.#rest.length > 0 ? Buffer.concat([...this.#rest.splice(0), end]) : viewOf(end));
      from = this.#passOn(chunk, at + 1);
    }
    if (from < chunk.length) this.#rest.push(chunk.subarray(from));
    return this.#takeOut();
  }

  /**
   * Passes on lines that certainly begin single-line events, at a fraction of the cost of checking each.
   * @returns start of the last of them, to which lines may be joined
   */
  #passOn(chunk: Uint8Array, from: number): number {
    if (this.#options.carrier || this.#rest.length > 0 || this.#line < this.#options.beginsAt) return from;
    if (isStatement(this.#streams.get('')?.state.trace)) return from;
    let [last, lines] = [from, 0];
    while (surelyBegins(chunk[last])) {
      const next = chunk.indexOf(newline, last) + 1;
      if (next === 0 || !surelyBegins(chunk[next])) break;
      last = next;
      lines++;
    }
    if (lines === 0) return from;
    this.#beginAnew();
    this.#cut.clear();
    this.#known.add('');
    this.#line += lines;
    this.#push([chunk.subarray(from, last - 1)], false);
    return last;
  }

  /** The rest, each line with a newline. */
  end(): Uint8Array {
    const rest = Buffer.concat(this.#rest.splice(0));
    if (rest.length > 0) this.#take(rest);
    for (const { slot } of this.#streams.values()) slot.isOpen = false;
    return this.#takeOut();
  }

  #take(line: Buffer): void {
    const { carrier, beginsAt } = this.#options;
    if (this.#line++ === beginsAt && beginsAt > 0) this.#beginAnew();
    const text = (carrier && carriedText(carrier, line)) ?? syslogText(line) ?? plainText(line);
    const event = this.#streams.get(text.stream);
    if (!(event && this.#goesOn(event, line, text))) this.#begin(line, text, event);
    while (this.#slots.length > maxWaiting.lines || this.#waitingBytes > maxWaiting.bytes) this.#cutFirst();
  }

  /** Nothing can be joined to stored lines. */
  #beginAnew(): void {
    for (const [stream, { slot }] of this.#streams) {
      slot.isOpen = false;
      this.#cut.add(stream);
    }
    this.#streams.clear();
  }

  /** All slots wait for the end of the first event. */
  #cutFirst(): void {
    const [first] = this.#slots;
    for (const [stream, { slot }] of this.#streams) {
      if (slot !== first) continue;
      this.#streams.delete(stream);
      this.#cut.add(stream);
    }
    if (first) first.isOpen = false;
    this.#letGo();
  }

  #goesOn(event: OpenEvent, line: Buffer, text: CarriedText): boolean {
    const isFull = event.lines >= maxEventLines || event.slot.bytes + line.length > maxLineBytes;
    if (event.isPart && !isFull) return this.#append(event, text, line, 0);
    if (!this.#options.joinsTraces) return false;
    if (isBlank(text.told)) {
      event.blankLines++;
      this.#push([line], false);
      return true;
    }
    const isOthers = text.writer !== undefined && text.writer !== event.text.writer;
    if (isFull || isOthers || !continuesEvent(text.told, event.state)) return false;
    if (!this.#append(event, text, line, text.endsInNewline ? 0 : 1 + event.blankLines)) return false;
    event.state = goOnEvent(event.state, text.told);
    return true;
  }

  /** Appends a text to that of an event, before the suffix of the event's first line. @returns false when it is damaged */
  #append(event: OpenEvent, text: CarriedText, line: Buffer, marks: number): boolean {
    if (text.isDamaged?.()) return false;
    const { slot } = event;
    const closing = slot.parts.pop() as Uint8Array;
    slot.parts.push(...Array<Uint8Array>(marks).fill(eventMark), line.subarray(text.start, text.end), closing);
    const bytes = text.end - text.start + marks * eventMark.length;
    slot.bytes += bytes;
    this.#waitingBytes += bytes;
    event.isPart = text.isPart;
    event.lines++;
    event.blankLines = 0;
    if (!text.isPart && event.text.tag !== undefined) setTag(slot, event.text.tag);
    this.#joined++;
    this.#push([], false);
    return true;
  }

  #begin(line: Buffer, text: CarriedText, before: OpenEvent | undefined): void {
    if (before) before.slot.isOpen = false;
    const { joinsTraces, isRest } = this.#options;
    if (!before && isBlank(text.told)) return void this.#push([line], false);
    // A line that continues an earlier event and was not joined because that event is full.
    const mayGoOn = before !== undefined || this.#cut.delete(text.stream) || (isRest && !this.#known.has(text.stream));
    const isTorn = joinsTraces && mayGoOn && continuesEvent(text.told, before?.state ?? noEvent) && !text.isDamaged?.();
    this.#known.add(text.stream);
    if (isTorn) this.#joined++;
    const head = line.subarray(0, text.start);
    const begin = isTorn ? text.torn(head) : [head];
    const isOpen = joinsTraces || text.isPart;
    const slot = this.#push([...begin, line.subarray(text.start, text.end), line.subarray(text.end)], isOpen);
    const state = joinsTraces ? beginEvent(text.told) : noEvent;
    if (isOpen) this.#streams.set(text.stream, { slot, text, state, isPart: text.isPart, lines: 1, blankLines: 0 });
    else this.#streams.delete(text.stream);
  }

  #push(parts: Uint8Array[], isOpen: boolean): Slot {
    const bytes = parts.reduce((sum, { length }) => sum + length, 1);
    const slot = { parts, bytes, isOpen };
    this.#slots.push(slot);
    this.#waitingBytes += bytes;
    return slot;
  }

  /** Releases lines in order, up to the first that may be continued. */
  #takeOut(): Uint8Array {
    this.#letGo();
    const out = Buffer.concat(this.#done.flatMap(({ parts }) => [...parts, ended]));
    this.#done = [];
    return out;
  }

  #letGo(): void {
    const until = this.#slots.findIndex(({ isOpen }) => isOpen);
    const whole = until === -1 ? this.#slots.splice(0) : this.#slots.splice(0, until);
    for (const slot of whole) {
      this.#waitingBytes -= slot.bytes;
      this.#done.push(slot);
    }
  }
}

const noEvent: EventState = { begin: undefined, isObject: false, trace: undefined };

/** All parts of the line have arrived, so its tag becomes that of a full line. */
function setTag(slot: Slot, at: number): void {
  const head = Buffer.from(slot.parts[0] as Uint8Array);
  head[at] = 0x46;
  slot.parts[0] = head;
}

function plainText(line: Buffer): CarriedText {
  const end = endOfText(line);
  const told = line.subarray(0, end);
  return { stream: '', start: 0, end, isPart: false, told, endsInNewline: false, torn: (head) => [head, eventMark] };
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
