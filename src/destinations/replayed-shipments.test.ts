import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { replayShipments } from '../ledger/replay-shipments.ts';
import { CollectingDestination } from './test-doubles/collecting-destination.ts';
import { eventually, received, ShippingTrial, untilShipped } from './test-doubles/shipping-trial.ts';

vi.mock('../waiting/backoff.ts', () => ({ backoffMs: () => 5 }));

const trial = new ShippingTrial();
const { start, storeBatch } = trial;
beforeAll(() => trial.open());
afterAll(() => trial.close());
beforeEach(() => trial.reset());

test('a replay delivers again the batches with refused rows, once, also those that the position is past', async () => {
  const pond = new CollectingDestination();
  const from = new Date();
  const paths = await storeBatch();
  const fine = await storeBatch();
  const until = new Date();
  pond.refuses = (path) => path === paths[1];
  const first = start(() => pond, { from });
  await untilShipped(first);
  const replay = (limits: object = {}, dryRun = false) =>
    replayShipments(trial.engine, { destination: 'pond', ...limits }, { dryRun });
  const found = { batches: 1, dead: 0, refused: 1, rows: 3 };
  expect(await replay({}, true)).toEqual(found);
  expect(await replay({ untilMs: from.getTime() }, true)).toMatchObject({ batches: 0, refused: 0 });
  expect(await replay({ fromMs: until.getTime() + 1 }, true)).toMatchObject({ batches: 0, refused: 0 });

  // Refused again: it remains to be replayed.
  expect(await replay()).toEqual(found);
  await eventually(() => expect(first.status()[0]?.counts.batches).toBe(3));
  expect(pond.calls.map(([batch]) => batch === pond.calls[0]?.[0])).toEqual([true, false, true]);
  expect(await replay({}, true)).toEqual(found);
  await first.stop();

  await trial.engine.run({
    sql: `INSERT INTO destination_positions (destination, sequence, position, open, at)
          SELECT 'pond', 100, max(batch), [], now64(3) FROM ledger`,
  });
  expect(await replay()).toEqual(found);
  expect(await replay()).toMatchObject({ batches: 0 });
  pond.refuses = () => false;
  const second = start(() => pond);
  await eventually(() => expect(second.status()[0]?.counts.batches).toBe(1));
  expect(received(pond).sort()).toEqual([...paths, ...fine].sort());
  expect(await replay()).toMatchObject({ batches: 0 });
  expect(pond.calls).toHaveLength(4);
});

test('a replay delivers again what was given up', async () => {
  const pond = new CollectingDestination();
  const from = new Date();
  const paths = await storeBatch();
  pond.fault = () => 'a field is too long';
  const destinations = start(() => pond, { from });
  await eventually(() => expect(destinations.status()[0]?.counts.dead).toBe(1));
  pond.fault = () => undefined;
  expect(await replayShipments(trial.engine, { destination: 'pond' }, { dryRun: false })).toEqual({
    ...{ batches: 1, dead: 1, refused: 0, rows: 3 },
  });
  await eventually(() => expect(received(pond)).toEqual(paths));
});
