import { holdsManyEvents, isRefused } from '../layouts/batch-layout.ts';
import { addBooks, type Books, emptyBooks } from '../ledger/books.ts';
import { type Receipt, RefusedFileError } from '../sources/source.ts';
import { mayPass } from './batch-failure.ts';
import type { FileInput } from './file-input.ts';
import type { SpoolFiles } from './spool.ts';
import { UnexpectedContentError } from './store-batch.ts';
import type { TakenDelivery } from './take-delivery.ts';

/** The deliveries of one call, which are stored together or not at all. */
export interface Unit {
  readonly deliveries: readonly TakenDelivery[];
  readonly commit?: (batch: string) => Promise<void>;
  readonly signal?: AbortSignal;
  readonly resolve: (receipts: readonly Receipt[]) => void;
  readonly reject: (cause: unknown) => void;
}

/** A unit whose deliveries are written to files. */
export interface PreparedUnit {
  readonly unit: Unit;
  /** Per delivery: the files that hold it. */
  readonly inputs: readonly (readonly FileInput[])[];
  /** The spool files among them. */
  readonly files: SpoolFiles;
}

/** Last resort for reading lines: all become rejects, so none is lost. */
export function asRejects(
  { isSegmented: _, isEnveloped: __, ...input }: FileInput,
  refused = 'cannot be taken apart as the format that it looks like',
): FileInput {
  return isRefused(input.layout) ? input : { ...input, layout: { refused } };
}

/** Cuts a file at its headers; where a line holds many events, none of which may be read under a header of others. */
export function cutAtHeaders(input: FileInput): FileInput {
  if (!(input.isEnveloped || holdsManyEvents(input.layout))) return { ...input, isSegmented: true };
  return asRejects(input, 'the columns change among the events within its lines; store the events as lines of a file');
}

/** Resolves each unit with the books of its deliveries. */
export function settle(prepared: readonly PreparedUnit[], objects: readonly Books[]): void {
  let place = 0;
  for (const { unit, inputs } of prepared) {
    const receipts = inputs.map((files) => {
      const books = files.map((_, index) => objects[place + index] ?? emptyBooks).reduce(addBooks, emptyBooks);
      place += files.length;
      return { known: false, ...books };
    });
    unit.resolve(receipts);
  }
}

/** Whether the unit is refused, rather than kept as rejects, when it cannot be read. */
export function isRefusable({ deliveries }: Unit): boolean {
  return deliveries.some(({ content }) => content.kind === 'user-file');
}

/** Fails a call. A file of the user is refused, unless the store is the cause. */
export function refuse(unit: Unit, cause: unknown): void {
  const isRefusal = isRefusable(unit) && !mayPass(cause);
  const reason = cause instanceof UnexpectedContentError ? 'changed' : 'unusable';
  unit.reject(isRefusal ? new RefusedFileError((cause as Error).message, reason, { cause }) : cause);
}
