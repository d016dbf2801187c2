const newline = 0x0a;
const carriageReturn = 0x0d;

/** Limit of an action line; a longer line is not an action. */
const maxActionBytes = 64 * 1024;

const actionNames = ['index', 'create', 'update', 'delete'] as const;

export interface BulkAction {
  /** As named in the answer: an `index` with `op_type: create` is a `create`. */
  readonly name: (typeof actionNames)[number];
  /** The request's index when the line names none; empty when neither does. */
  readonly index: string;
  readonly id: string | undefined;
  /** 1-based number of the line. */
  readonly line: number;
}

/** Gets an action and its document, a view valid during the call; undefined for `delete` and a truncated body. */
export type BulkVisitor = (action: BulkAction, document: Uint8Array | undefined) => void;

/** The body is not a bulk request; nothing of it may be stored. */
export class BulkSyntaxError extends Error {
  override readonly name = 'BulkSyntaxError';
}

/**
 * Splits a streamed `_bulk` body without parsing documents. The last line needs no newline, lines may end in CRLF, and
 * blank lines before an action as well as unknown keys of an action are ignored.
 * https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk
 */
export class BulkSplitter {
  readonly #index: string;
  readonly #visit: BulkVisitor;
  /** Start of a line whose end has not arrived yet. */
  #begun: Uint8Array[] = [];
  #line = 0;
  /** Action that waits for its document. */
  #action: BulkAction | undefined;

  /** @param index default for actions that name none */
  constructor(index: string, visit: BulkVisitor) {
    this.#index = index;
    this.#visit = visit;
  }

  /** @throws BulkSyntaxError */
  push(piece: Uint8Array): void {
    let start = 0;
    for (let end = piece.indexOf(newline); end >= 0; end = piece.indexOf(newline, start)) {
      this.#takeLine(piece.subarray(start, end));
      start = end + 1;
    }
    // A copy, because the chunk's memory may be reused.
    if (start < piece.length) this.#begun.push(Uint8Array.from(piece.subarray(start)));
  }

  /** @throws BulkSyntaxError */
  end(): void {
    if (this.#begun.length > 0) this.#takeLine(new Uint8Array(0));
    if (this.#action !== undefined) this.#visit(this.#action, undefined);
    this.#action = undefined;
  }

  #takeLine(rest: Uint8Array): void {
    let line = rest;
    if (this.#begun.length > 0) {
      line = Buffer.concat([...this.#begun, rest]);
      this.#begun = [];
    }
    if (line.at(-1) === carriageReturn) line = line.subarray(0, -1);
    this.#line++;
    if (this.#action !== undefined) {
      this.#visit(this.#action, line);
      this.#action = undefined;
    } else if (!isBlank(line)) {
      const action = this.#readAction(line);
      if (action.name === 'delete') this.#visit(action, undefined);
      else this.#action = action;
    }
  }

  #readAction(line: Uint8Array): BulkAction {
    const parsed = line.length > maxActionBytes ? undefined : parseObject(Buffer.from(line).toString());
    const name = actionNames.find((candidate) => parsed !== undefined && Object.hasOwn(parsed, candidate));
    if (parsed === undefined || name === undefined) {
      throw new BulkSyntaxError(
        `Malformed action/metadata line [${this.#line}], expected an object with one of ${actionNames.join(', ')}`,
      );
    }
    const meta = parseObject(parsed[name]) ?? {};
    return {
      name: name === 'index' && meta.op_type === 'create' ? 'create' : name,
      index: typeof meta._index === 'string' ? meta._index : this.#index,
      id: typeof meta._id === 'string' || typeof meta._id === 'number' ? String(meta._id) : undefined,
      line: this.#line,
    };
  }
}

/** @param value an object, or JSON of one */
function parseObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  try {
    const parsed: unknown = typeof value === 'string' ? JSON.parse(value) : undefined;
    return typeof parsed === 'object' && parsed !== null ? (parsed as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09);
}
