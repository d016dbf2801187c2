import { expect } from 'vitest';
import { defineDestinations } from '../../src/cli/destination-definitions.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import type { Destination, Division, Reading, Shipment } from '../../src/destinations/destination.ts';
import { divideRows, readRows } from '../../src/destinations/read-rows.ts';
import { type DestinationDefinition, Destinations } from '../../src/destinations/run-destinations.ts';
import { formats } from '../../src/formats/catalog.ts';
import type { ClosedBatch } from '../../src/ledger/shipments.ts';
import type { DestinationUnderTest, PlaceUnderTest } from './destination-under-test.ts';
import { rowText, type ShippedStore } from './shipped-store.ts';

/** What the keys of every destination are in a trial: all that is stored, unchanged. */
const delivery = { from: 'beginning', mask: { signatures: false } };
/** Of messages: what failed, why, and what to do. */
export const withRemedy = /^cannot [^:]+.*: .+; .+/s;

let destinationNumber = 0;

/** One place, what delivers to it, and what it must have. */
export class DeliveryTrial {
  readonly place: PlaceUnderTest;
  readonly #store: ShippedStore;
  readonly #destination: DestinationUnderTest;
  readonly #running = new Set<Destinations>();

  constructor(store: ShippedStore, destination: DestinationUnderTest, place: PlaceUnderTest) {
    this.#store = store;
    this.#destination = destination;
    this.place = place;
  }

  /** A destination of which the store knows nothing yet. */
  async define(keys: Record<string, unknown> = {}): Promise<DestinationDefinition> {
    const destinations = { [`trial-${++destinationNumber}`]: { ...this.place.section, ...delivery, ...keys } };
    const options = { file: 'tailrace.yaml', environment: {}, formats, baseDirectory: this.#store.scratch.root };
    const [definition] = await defineDestinations(parseConfig(JSON.stringify({ destinations }), options).destinations);
    return definition as DestinationDefinition;
  }

  async create(): Promise<Destination> {
    return (await this.define()).create(this.#store.scratch.folder(), this.#store.scratch.folder());
  }

  start(definition: DestinationDefinition): Destinations {
    const destinations = new Destinations(
      { engine: this.#store.engine, spoolDirectory: this.#store.scratch.folder() },
      [definition],
    );
    this.#running.add(destinations);
    return destinations;
  }

  /** Delivers everything. Repeated, it is what follows a kill before the acknowledgements: the store knows nothing of it. */
  async deliver(keys?: Record<string, unknown>): Promise<void> {
    const destinations = this.start(await this.define(keys));
    await untilDelivered(destinations);
    await destinations.stop();
  }

  /** @param change of the bytes of a reading */
  shipment(
    batches: readonly ClosedBatch[],
    signal: AbortSignal,
    change = (rows: AsyncIterable<Uint8Array>) => rows,
  ): Shipment {
    const read = (batch: ClosedBatch, reading: Reading) =>
      change(readRows(this.#store.engine, batch, reading, { signatures: false }, signal));
    const divide = (batch: ClosedBatch, division: Division) =>
      divideRows(this.#store.engine, batch, division, { signatures: false });
    return { batches, read, divide };
  }

  /** What the place has, comparable with {@link ShippedStore.rows}. */
  async delivered(): Promise<string[]> {
    return (await this.place.rows()).map(rowText).sort();
  }

  async expectDeliveredOnce(batches?: readonly ClosedBatch[]): Promise<void> {
    const delivered = await this.delivered();
    const stored = await this.#store.rows(this.#destination.tables, batches);
    expect(stored.length).toBeGreaterThan(0);
    // A diff of all rows would take longer than the test.
    expect({
      missing: without(stored, delivered),
      tooMany: without(delivered, stored),
      count: delivered.length,
    }).toEqual({ missing: [], tooMany: [], count: stored.length });
  }

  async stopAll(): Promise<void> {
    for (const destinations of this.#running) await destinations.stop();
  }
}

export function untilDelivered(destinations: Destinations): Promise<void> {
  return expect
    .poll(() => destinations.status()[0], { interval: 20 })
    .toMatchObject({ state: 'running', counts: { waiting: 0 } });
}

function without(some: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return some.filter((text) => !known.has(text)).map((text) => text.slice(0, 200));
}
