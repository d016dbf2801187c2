import { maxLineBytes } from '../../schema/line-bound.ts';
import { type CarriedText, type CarrierName, carriedText, endOfText } from './carrier.ts';
import { beginEvent, continuesEvent, type EventState, goOnEvent, isBlank, surelyBegins } from './continuation.ts';
import { eventMark } from './event-mark.ts';

const newline = 0x0a;
const ended = Buffer.from('\n');

/** Frames of a Java stack that ran over, with its causes. */
const maxEventLines = 5000;
/** What waits for the ends of events of several streams, lines and bytes. */
const maxWaiting = { lines: 10_000, bytes: maxLineBytes };

export interface JoinOptions {
  /** What carries the lines, if it cuts long ones or mixes streams. */
  readonly carrier?: CarrierName;
  /** Whether traces are joined, and not the parts of a line alone. */
  readonly joinsTraces: boolean;
  /** 0-based line from which on is new what comes: lines before it are stored, and nothing can be joined to them. */
  readonly beginsAt: number;
  /** Whether the first line may go on with what is stored already. */
  readonly isRest: boolean;
}

/** A line on its way, or several that nothing is joined to. */
interface Slot {
  readonly parts: Uint8Array[];
  bytes: number;
  /** Whether lines may still be joined to it. */
  isOpen: boolean;
}

/** The event that a stream is at. */
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
 * a container runtime cut. In place of a line that was joined to another one an empty line stays, so that lines keep their
 * numbers. Newlines within an event become {@link eventMark}; an event of which the beginning is not at hand begins with one.
 */
export class EventJoiner {
  readonly #options: JoinOptions;
  readonly #streams = new Map<string, OpenEvent>();
  /** Streams of which an event was cut: its next line says so. */
  readonly #cut = new Set<string>();
  readonly #known = new Set<string>();
  #slots: Slot[] = [];
  #done: Slot[] = [];
  #waitingBytes = 0;
  /** The beginning of a line whose end is still to come. */
  #rest: Uint8Array[] = [];
  #line = 0;
  #joined = 0;

  constructor(options: JoinOptions) {
    this.#options = options;
  }

  /** How many lines were joined to others, or go on with what is not at hand. */
  get joined(): number {
    return this.#joined;
  }

  /** @returns what is whole by now */
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
   * Passes lines on that surely begin events of one line, for a fraction of what looking at each costs.
   * @returns where the last of them begins, to which lines may be joined
   */
  #passOn(chunk: Uint8Array, from: number): number {
    if (this.#options.carrier || this.#rest.length > 0 || this.#line < this.#options.beginsAt) return from;
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
    const text = (carrier && carriedText(carrier, line)) ?? plainText(line);
    const event = this.#streams.get(text.stream);
    if (!(event && this.#goesOn(event, line, text))) this.#begin(line, text, event);
    while (this.#slots.length > maxWaiting.lines || this.#waitingBytes > maxWaiting.bytes) this.#cutFirst();
  }

  /** What is stored cannot be joined to. */
  #beginAnew(): void {
    for (const [stream, { slot }] of this.#streams) {
      slot.isOpen = false;
      this.#cut.add(stream);
    }
    this.#streams.clear();
  }

  /** Everything waits for the end of the first event. */
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
    if (event.isPart && !isFull) {
      this.#append(event, text, line, 0);
      return true;
    }
    if (!this.#options.joinsTraces) return false;
    if (isBlank(text.told)) {
      event.blankLines++;
      this.#push([line], false);
      return true;
    }
    if (isFull || !continuesEvent(text.told, event.state)) return false;
    event.state = goOnEvent(event.state, text.told);
    this.#append(event, text, line, text.endsInNewline ? 0 : 1 + event.blankLines);
    return true;
  }

  /** Puts a text behind the one of an event, in front of what its first line has behind it. */
  #append(event: OpenEvent, text: CarriedText, line: Buffer, marks: number): void {
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
  }

  #begin(line: Buffer, text: CarriedText, before: OpenEvent | undefined): void {
    if (before) before.slot.isOpen = false;
    const { joinsTraces, isRest } = this.#options;
    if (!before && isBlank(text.told)) return void this.#push([line], false);
    // One that goes on with an event before it was left out there because that is full.
    const mayGoOn = before !== undefined || this.#cut.delete(text.stream) || (isRest && !this.#known.has(text.stream));
    const isTorn = joinsTraces && mayGoOn && continuesEvent(text.told, before?.state ?? noEvent);
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

  /** Lines are let go in their order, up to the first that may go on. */
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

/** All parts of a line are there: it is a full one. */
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
