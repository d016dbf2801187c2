import type { destinationKinds } from '../../src/config/sections/destinations/destination-kinds.ts';
import type { ShippedTable } from '../../src/destinations/destination.ts';

export type DestinationCase =
  | 'each row once'
  | 'lost acknowledgement'
  | 'abort while rows are read'
  | 'abort while the place is silent'
  | 'away and back'
  | 'forbidden'
  | 'check'
  | 'masks'
  | 'memory'
  | 'kill';

/** A destination, with the place that it delivers to. */
export interface DestinationUnderTest {
  readonly name: string;
  readonly kind: keyof typeof destinationKinds;
  /** Whose rows it is given. */
  readonly tables: readonly ShippedTable[];
  /** What a reader sees at once: a whole batch, or single rows of it. */
  readonly visible: 'batches' | 'rows';
  /** Cases that do not apply, and why. */
  readonly exceptions: Readonly<Partial<Record<DestinationCase, string>>>;
  /** Why it cannot be tested here; the variable that names its server is not set. */
  readonly missing?: string;
  /** @param folder empty, and only for this place */
  openPlace(folder: string): Promise<PlaceUnderTest>;
}

/** A place that lines are delivered to: it outlives the programs that deliver. */
export interface PlaceUnderTest {
  /** Its section as written in the configuration, without `from` and `mask`. */
  readonly section: Readonly<Record<string, unknown>>;
  /** What a reader has now. Throws when a part of it is not whole. */
  rows(): Promise<readonly DeliveredRow[]>;
  /** Everything that is there, as text to compare. */
  traces(): Promise<readonly string[]>;
  /** Nothing can be delivered until {@link back}. */
  away(): Promise<void>;
  /** Deliveries are not permitted until {@link back}. */
  forbid?(): Promise<void>;
  /** Deliveries get no answer until {@link back}. Resolves when one waits for it. */
  silence?(): { readonly heard: Promise<void> };
  back(): Promise<void>;
  /** Batches in the order in which they came, if it tells. */
  arrivals?(): readonly string[];
  /**
   * Resolves at a moment of a delivery, another one for each number, at which a kill may do harm.
   * @param folder of the program
   */
  moment(number: number, signal: AbortSignal, folder: string): Promise<void>;
  close?(): Promise<void>;
}

/** A row of a table; columns of {@link comparedColumns} under their names, values as in JSON. */
export interface DeliveredRow {
  readonly table: ShippedTable;
  readonly values: Readonly<Record<string, unknown>>;
}

/** By these columns a row is compared with the store. */
export const comparedColumns: Readonly<Record<ShippedTable, readonly string[]>> = {
  requests: ['batch', 'object', 'line_number', 'time', 'client_ip', 'status', 'bytes_sent', 'path', 'query'],
  logs: ['batch', 'object', 'line_number', 'time', 'level', 'message'],
  rejects: ['batch', 'origin', 'line_number', 'reason', 'line'],
};

/** Not applicable to what differs from another destination only in its format or server, unless there are many kills. */
export function killLike(other: string): DestinationUnderTest['exceptions'] {
  if (Number(process.env.TAILRACE_SHIPPING_KILLS ?? 1) > 1) return {};
  return { kill: `the same as ${other}, and with npm run test:conformance` };
}
