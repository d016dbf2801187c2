import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { Destination } from '../../src/destinations/destination.ts';
import { DeliveryTrial, untilDelivered, withRemedy } from './delivery-trial.ts';
import type { DestinationCase, DestinationUnderTest } from './destination-under-test.ts';
import { killDeliveries } from './kill-deliveries.ts';
import { rowText, type ShippedStore } from './shipped-store.ts';

/** What every destination must do, whatever happens: have each row once, and only then let it be acknowledged. */
export function testDestination(destination: DestinationUnderTest, store: () => ShippedStore): void {
  const isNotApplicable = (name: DestinationCase) => {
    const reason = destination.exceptions[name];
    // Not a skipped test: nothing would make it run.
    if (reason !== undefined) console.info(`not applicable: ${destination.name}, ${name}: ${reason}`);
    return reason !== undefined;
  };

  async function withTrial(body: (trial: DeliveryTrial) => Promise<void>): Promise<void> {
    const place = await destination.openPlace(store().scratch.folder());
    const trial = new DeliveryTrial(store(), destination, place);
    try {
      await body(trial);
    } finally {
      await trial.stopAll();
      await place.close?.();
    }
  }

  function testCase(name: DestinationCase, body: (trial: DeliveryTrial) => Promise<void>): void {
    if (!isNotApplicable(name)) test(name, () => withTrial(body));
  }

  /** The largest batch. */
  const large = () => store().batches.filter(({ logs }) => logs > 1000);
  const allTaken = () => ({ rows: large()[0]?.logs });

  testCase('each row once', async (trial) => {
    await trial.deliver();
    await trial.expectDeliveredOnce();
    const batches = store().batches.map(({ batch }) => batch);
    const arrivals = trial.place.arrivals?.();
    if (arrivals) expect(arrivals).toEqual(batches.filter((batch) => arrivals.includes(batch)));
  });

  testCase('lost acknowledgement', async (trial) => {
    await trial.deliver();
    const delivered = await trial.delivered();
    await trial.deliver();
    expect(await trial.delivered()).toEqual(delivered);
    await trial.expectDeliveredOnce();
  });

  /** Ships the large batch until the moment, aborts, looks, and ships it again. */
  async function abortAt(trial: DeliveryTrial, ship: (open: Destination, signal: AbortSignal) => Promise<unknown>) {
    const first = await trial.create();
    const stopping = new AbortController();
    await first.open(stopping.signal, () => {});
    const shipping = ship(first, stopping.signal);
    return {
      abort: async () => {
        stopping.abort(new Error('the test stops it'));
        await expect(shipping).rejects.toThrow();
        await first.close();
      },
      again: async () => {
        const second = await trial.create();
        const { signal } = new AbortController();
        await second.open(signal, () => {});
        expect(await second.ship(trial.shipment(large(), signal), signal)).toEqual([
          expect.objectContaining(allTaken()),
        ]);
        await second.close();
        await trial.expectDeliveredOnce(large());
      },
    };
  }

  testCase('abort while rows are read', async (trial) => {
    let isHalf = () => {};
    const half = new Promise<void>((resolve) => {
      isHalf = resolve;
    });
    const { abort, again } = await abortAt(trial, (open, signal) =>
      open.ship(
        trial.shipment(large(), signal, async function* (rows) {
          const bytes = await collect(rows);
          yield bytes.subarray(0, bytes.length / 2);
          isHalf();
          await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        }),
        signal,
      ),
    );
    await half;
    const visible = await trial.delivered();
    await abort();
    const delivered = await trial.delivered();
    if (destination.visible === 'batches') expect([...visible, ...delivered]).toEqual([]);
    const stored = new Set(await store().rows(destination.tables, large()));
    expect(delivered.filter((row) => !stored.delete(row))).toEqual([]);
    await again();
  });

  testCase('abort while the place is silent', async (trial) => {
    const { heard } = trial.place.silence?.() ?? {};
    const { abort, again } = await abortAt(trial, (open, signal) => open.ship(trial.shipment(large(), signal), signal));
    await heard;
    await abort();
    await trial.place.back();
    await again();
  });

  /** Nothing can be delivered; the check and the state say why, another place gets everything, and then this one does. */
  async function expectWaits(trial: DeliveryTrial): Promise<void> {
    expect(await (await trial.create()).check(new AbortController().signal)).toEqual([
      expect.stringMatching(withRemedy),
    ]);
    const waiting = trial.start(await trial.define());
    await withTrial(async (other) => {
      await other.deliver();
      await other.expectDeliveredOnce();
    });
    await expect
      .poll(() => waiting.status()[0])
      .toMatchObject({
        state: 'retrying',
        problem: expect.stringMatching(withRemedy),
        counts: { batches: 0, dead: 0 },
      });
    await trial.place.back();
    await untilDelivered(waiting);
    await waiting.stop();
    await trial.expectDeliveredOnce();
  }

  testCase('away and back', async (trial) => {
    await trial.place.away();
    await expectWaits(trial);
  });

  testCase('forbidden', async (trial) => {
    await trial.place.forbid?.();
    await expectWaits(trial);
  });

  testCase('check', async (trial) => {
    const before = await trial.place.traces();
    expect(await (await trial.create()).check(new AbortController().signal)).toEqual([]);
    expect(await trial.place.traces()).toEqual(before);
  });

  testCase('masks', async (trial) => {
    await trial.deliver({ mask: { addresses: true, query: ['page'] } });
    const requests = (await trial.place.rows()).filter(({ table }) => table === 'requests');
    expect(new Set(requests.map(({ values }) => values.client_ip))).toEqual(new Set(['203.0.113.0']));
    const signed = requests.filter(({ values }) => values.path === '/signed').map(({ values }) => values.query);
    expect(signed).toEqual(['Policy=masked&Signature=masked&Key-Pair-Id=masked&page=masked']);
  });

  testCase('memory', async (trial) => {
    const open = await trial.create();
    const { signal } = new AbortController();
    await open.open(signal, () => {});
    const before = await liveBytes();
    const held: number[] = [];
    const shipment = trial.shipment(large(), signal, async function* (rows) {
      const bytes = await collect(rows);
      // As if the batch had so many rows.
      for (let time = 0; time < 64; time++) {
        for (let at = 0; at < bytes.length; at += pieceBytes) yield Buffer.from(bytes.subarray(at, at + pieceBytes));
        if (time % 8 === 7) held.push((await liveBytes()) - before);
      }
    });
    await open.ship(shipment, signal);
    await open.close();
    // What is held for a moment varies; what is never given back is there in each look of the second half.
    expect(Math.min(...held.slice(4))).toBeLessThan(12 * 1024 * 1024);
  });

  testCase('kill', async (trial) => {
    const { delivered, stored } = await killDeliveries(trial.place, destination.tables);
    expect(stored.length).toBeGreaterThan(50);
    expect(delivered.map(rowText).sort()).toEqual(stored.map(rowText).sort());
  });
}

const pieceBytes = 64 * 1024;

async function collect(rows: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of rows) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Memory that something refers to. */
async function liveBytes(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');
  collectGarbage();
  // What the first one found to be unused is given back meanwhile.
  await setImmediate();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
