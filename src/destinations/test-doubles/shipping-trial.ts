import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import { patienceMs } from '../../../test/patience.ts';
import type { Engine } from '../../engine/engine.ts';
import { cloudfrontRealtime } from '../../formats/cloudfront-realtime/format.ts';
import { openSink, type StoreSink } from '../../pipeline/open-sink.ts';
import { openStore, type Store } from '../../store/open-store.ts';
import { type DestinationDefinition, Destinations } from '../run-destinations.ts';
import type { CollectingDestination } from './collecting-destination.ts';

/** Of all lines. */
export const eventTime = 1_700_000_000_000;

/** A store whose batches are shipped to destinations of the tests of one file. */
export class ShippingTrial {
  readonly #directory = mkdtempSync(join(tmpdir(), 'tailrace-destinations-'));
  #store: Store | undefined;
  #sink: StoreSink | undefined;
  #number = 0;

  async open(): Promise<void> {
    this.#store = await openStore({ directory: join(this.#directory, 'store') });
    const columns = ['timestamp', 'c-ip', 'sc-status', 'sc-bytes', 'cs-method', 'cs-host', 'cs-uri-stem'];
    const hints = { format: cloudfrontRealtime, columns };
    this.#sink = openSink(this.#store, { hints, spoolDirectory: join(this.#directory, 'spool') });
  }

  async close(): Promise<void> {
    await this.#sink?.close();
    await this.#store?.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** Nothing is known of any destination. */
  async reset(): Promise<void> {
    for (const table of ['shipments', 'destination_positions'])
      await this.engine.run({ sql: `TRUNCATE TABLE ${table}` });
  }

  get engine(): Engine {
    if (!this.#store) throw new Error('BUG: the store is not open');
    return this.#store.engine;
  }

  /** Stores a batch of lines, of which one does not fit. @returns the paths of the others */
  readonly storeBatch = async (lines = 3): Promise<string[]> => {
    const paths = Array.from({ length: lines }, () => `/${++this.#number}`);
    const text = paths
      .map((path) => `${eventTime / 1000}.000\t192.0.2.7\t200\t1\tGET\texample.org\t${path}\n`)
      .join('');
    const odd = `not a line of that format ${this.#number}\n`;
    const content = { kind: 'lines' as const, chunks: [Buffer.from(`${text}${odd}`)] };
    await this.#sink?.store([{ origin: 'kinesis://s/shardId-0', version: String(this.#number), content }]);
    return paths;
  };

  readonly start = (
    create: DestinationDefinition['create'],
    more: Partial<DestinationDefinition> & { events?: string[] } = {},
  ): Destinations => {
    const destinations = new Destinations(
      { engine: this.engine, spoolDirectory: this.#directory, onEvent: (_, text) => more.events?.push(text) },
      [{ name: 'pond', type: 'collecting', from: 'now', pipelines: undefined, mask: {}, create, ...more }],
    );
    onTestFinished(() => destinations.stop());
    return destinations;
  };
}

export const eventually = (check: () => void) => vi.waitFor(check, { timeout: patienceMs, interval: 20 });

/** Resolves when a destination that was just started has what was stored before. */
export async function untilShipped(destinations: Destinations): Promise<void> {
  await eventually(() => expect(destinations.status()[0]).toMatchObject({ state: 'running', counts: { waiting: 0 } }));
}

export async function untilReceived(pond: CollectingDestination, paths: readonly string[]): Promise<void> {
  await eventually(() => expect(received(pond)).toEqual(paths));
}

export const received = ({ received }: CollectingDestination) => [...received.values()].flat();
