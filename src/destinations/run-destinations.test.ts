import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { newBatchId } from '../ledger/batch-id.ts';
import { UnfitBatchError } from './destination.ts';
import { CollectingDestination } from './test-doubles/collecting-destination.ts';
import { eventually, received, ShippingTrial, untilReceived, untilShipped } from './test-doubles/shipping-trial.ts';

vi.mock('../waiting/backoff.ts', () => ({ backoffMs: () => 5 }));

const trial = new ShippingTrial();
const { start, storeBatch } = trial;
beforeAll(() => trial.open());
afterAll(() => trial.close());
beforeEach(() => trial.reset());

test('what is closed after the start of a new destination is shipped to it, and nothing twice', async () => {
  await storeBatch();
  const pond = new CollectingDestination();
  const destinations = start(() => pond);
  await eventually(() => expect(destinations.status()[0]?.state).toBe('running'));
  const paths = [...(await storeBatch()), ...(await storeBatch())];
  await untilReceived(pond, paths);
  await eventually(() => expect(destinations.status()[0]?.counts.batches).toBe(2));
  await destinations.stop();
  expect(destinations.status()).toMatchObject([{ state: 'stopped', counts: { batches: 2, rows: 6, dead: 0 } }]);

  const later = await storeBatch();
  const again = new CollectingDestination();
  await untilShipped(start(() => again));
  expect(received(again)).toEqual(later);
});

test('a new destination may start with all that is stored, or at a time', async () => {
  await storeBatch();
  const [all, late] = [new CollectingDestination(), new CollectingDestination()];
  await untilShipped(start(() => all, { from: 'beginning' }));
  const stored = await trial.engine.rows<{ path: string }>({ sql: 'SELECT path FROM requests' });
  expect(received(all).sort()).toEqual(stored.map(({ path }) => path).sort());
  const time = new Date();
  const paths = await storeBatch();
  await untilShipped(start(() => late, { name: 'late', from: time }));
  expect(received(late)).toEqual(paths);
});

test('a new destination that is away starts with what is closed from now on, and tells what waits for it', async () => {
  await storeBatch();
  const pond = new CollectingDestination();
  let isAway = true;
  pond.opening = () => {
    if (isAway) throw new Error('cannot reach the pond: it is frozen; wait for spring');
  };
  const destinations = start(() => pond);
  await eventually(() => expect(destinations.status()[0]?.state).toBe('retrying'));
  const paths = await storeBatch();
  await eventually(() => expect(destinations.status()[0]?.counts).toMatchObject({ waiting: 1, batches: 0 }));
  expect(destinations.status()[0]?.counts.lagMs()).toBeGreaterThan(0);
  isAway = false;
  await untilReceived(pond, paths);
});

test('a destination that is away delays neither the store nor another one, and then gets all in order', async () => {
  const [slow, fast] = [new CollectingDestination(), new CollectingDestination()];
  let isAway = true;
  slow.before = () => {
    if (isAway) throw new Error('cannot reach the pond: it is frozen; wait for spring');
  };
  const events: string[] = [];
  const away = start(() => slow, { events });
  const near = start(() => fast, { name: 'near' });
  await eventually(() =>
    expect([...away.status(), ...near.status()].map(({ state }) => state)).toEqual(['running', 'running']),
  );
  const paths = [];
  for (let batch = 0; batch < 4; batch++) paths.push(...(await storeBatch()));
  await untilReceived(fast, paths);
  await eventually(() => expect(slow.calls.length).toBeGreaterThan(3));
  await eventually(() =>
    expect(away.status()).toMatchObject([
      { state: 'retrying', problem: expect.stringContaining('it is frozen'), counts: { waiting: 4, batches: 0 } },
    ]),
  );
  expect(away.status()[0]?.counts.lagMs()).toBeGreaterThan(0);
  isAway = false;
  await untilReceived(slow, paths);
  expect(events).toHaveLength(1);
});

test('a batch that cannot be delivered is given up after some attempts, and tried once more after a start', async () => {
  const pond = new CollectingDestination();
  let bad: string | undefined;
  pond.before = ([batch]) => {
    bad ??= batch?.batch;
    if (batch && batch.batch === bad) throw new UnfitBatchError(bad, new Error('a fish is in it'));
  };
  const events: string[] = [];
  const destinations = start(() => pond, { events });
  await eventually(() => expect(destinations.status()[0]?.state).toBe('running'));
  const [dead, fine] = [await storeBatch(), await storeBatch()];
  await eventually(() => expect(events).toEqual([expect.stringMatching(/given up after 8 attempts: a fish is in it/)]));
  await eventually(() => expect(destinations.status()[0]?.counts.batches).toBe(1));
  expect(received(pond)).toEqual(fine);
  await destinations.stop();
  expect(destinations.status()).toMatchObject([{ counts: { batches: 1, dead: 1, retries: 7 } }]);
  const states = await trial.engine.rows({
    sql: `SELECT toString(batch) = {bad:String} AS isBad, argMax(shipments.state, attempt) AS state, max(attempt) AS attempts, argMax(shipments.problem, attempt) AS problem
          FROM shipments WHERE shipments.state != 'skipped' GROUP BY batch ORDER BY batch`,
    params: { bad },
  });
  expect(states).toEqual([
    { isBad: 1, state: 'dead', attempts: 8, problem: 'a fish is in it' },
    { isBad: 0, state: 'shipped', attempts: 1, problem: '' },
  ]);
  bad = '';
  await untilShipped(start(() => pond));
  expect(received(pond).sort()).toEqual([...dead, ...fine].sort());
});

test('a shipment that was not acknowledged is repeated', async () => {
  const pond = new CollectingDestination();
  let failures = 2;
  pond.after = () => {
    if (failures-- > 0) throw new Error('killed before it was acknowledged');
  };
  const destinations = start(() => pond);
  await eventually(() => expect(destinations.status()[0]?.state).toBe('running'));
  const paths = [...(await storeBatch()), ...(await storeBatch())];
  await eventually(() => expect(destinations.status()[0]?.counts.batches).toBe(2));
  expect(received(pond)).toEqual(paths);
  expect(pond.calls.map(([batch]) => batch === pond.calls[0]?.[0])).toEqual([true, true, true, false]);
});

test('batches are gathered as the destination wants them', async () => {
  const pond = new CollectingDestination();
  pond.gathering = { mostBatches: 3, mostRows: 1000, mostWaitMs: 0 };
  pond.before = () => {};
  const paths = [];
  const time = new Date();
  for (let batch = 0; batch < 7; batch++) paths.push(...(await storeBatch(1)));
  await untilShipped(start(() => pond, { from: time }));
  expect(pond.calls.map(({ length }) => length)).toEqual([3, 3, 1]);
  expect(received(pond)).toEqual(paths);
});

test('a batch that cannot be delivered does not keep those that are shipped with it', async () => {
  const pond = new CollectingDestination();
  pond.gathering = { mostBatches: 3, mostRows: 1000, mostWaitMs: 0 };
  const time = new Date();
  const paths = [];
  for (let batch = 0; batch < 3; batch++) paths.push(...(await storeBatch(1)));
  let faulty: string | undefined;
  pond.fault = ({ batch }) => {
    faulty ??= pond.calls[0]?.[1];
    return batch === faulty && pond.calls.length < 3 ? 'a field is too long' : undefined;
  };
  await untilShipped(start(() => pond, { from: time }));
  expect(received(pond).sort()).toEqual(paths.sort());
  expect(pond.calls).toEqual([expect.toSatisfy(({ length }) => length === 3), [faulty], [faulty]]);
});

test('what a destination tells each time it is opened is told once', async () => {
  const pond = new CollectingDestination();
  pond.hint = 'cannot install the template';
  let failures = 0;
  pond.before = () => {
    if (failures++ < 3) throw new Error('cannot reach the pond');
  };
  const events: string[] = [];
  const time = new Date();
  await storeBatch();
  await untilShipped(start(() => pond, { from: time, events }));
  expect(events).toEqual(['cannot install the template', 'cannot reach the pond']);
});

test('a batch that is closed long after later ones is shipped too', async () => {
  const pond = new CollectingDestination();
  const [early, other] = [newBatchId(), newBatchId()];
  const plan = (batch: string, planned: string) =>
    trial.engine.run({
      sql: `INSERT INTO plans (batch, object, origin, version, planned_at) SELECT {batch:UInt64}, 1, 'slow', {batch:String}, ${planned}`,
      params: { batch },
    });
  await plan(early, 'now64(3) - INTERVAL 2 HOUR');
  await plan(other, 'now64(3) - INTERVAL 2 HOUR');
  const first = start(() => pond);
  await eventually(() => expect(first.status()[0]?.state).toBe('running'));
  await first.stop();
  const [position] = await trial.engine.rows<{ open: string[]; position: string }>({
    sql: 'SELECT arrayMap(id -> toString(id), open) AS open, toString(position) AS position FROM destination_positions ORDER BY sequence DESC LIMIT 1',
  });
  expect(position).toMatchObject({ position: other, open: expect.arrayContaining([early, other]) });
  await trial.engine.run({
    sql: `INSERT INTO ledger (batch, object, origin, version, rows, first_time, last_time, stored_at)
          SELECT {batch:UInt64}, 1, 'slow', '1', 1, '2026-01-01 00:00:00.500', '2026-01-01 00:00:00.500', now64(3)`,
    params: { batch: early },
  });
  await trial.engine.run({
    sql: `INSERT INTO requests (batch, object, line_number, time, path) SELECT {batch:UInt64}, 1, 1, '2026-01-01 00:00:00.500', '/late'`,
    params: { batch: early },
  });
  await untilShipped(start(() => pond));
  expect(received(pond)).toEqual(['/late']);
  for (const table of ['plans', 'ledger', 'requests'])
    await trial.engine.run({
      sql: `ALTER TABLE ${table} DELETE WHERE batch IN {ids:Array(UInt64)}`,
      params: { ids: [early, other].map(BigInt) },
      settings: { mutations_sync: 2 },
    });
});

test('only batches of the named pipelines are shipped', async () => {
  const [pond, other] = [new CollectingDestination(), new CollectingDestination()];
  const time = new Date();
  const paths = await storeBatch();
  await untilShipped(start(() => other, { name: 'other', from: time, pipelines: ['edge'] }));
  await untilShipped(start(() => pond, { from: time, pipelines: ['edge', ''] }));
  expect([received(pond), received(other)]).toEqual([paths, []]);
});
