import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { deleteExpired } from '../ledger/delete-expired.ts';
import { planRetention } from '../ledger/expiring-rows.ts';
import { CollectingDestination } from './test-doubles/collecting-destination.ts';
import { eventTime, eventually, ShippingTrial } from './test-doubles/shipping-trial.ts';

vi.mock('../waiting/backoff.ts', () => ({ backoffMs: () => 5 }));

const trial = new ShippingTrial();
const { start, storeBatch } = trial;
beforeAll(() => trial.open());
afterAll(() => trial.close());

const daySeconds = 86_400;
const forever = { seconds: null, bytes: null };
const waiters = [{ destination: 'kept', pipelines: undefined }];

function plan(nowMs: number, requests: { seconds: number | null; bytes: number | null }) {
  return planRetention(trial.engine, { requests, logs: forever, rejects: forever }, waiters, nowMs);
}

test('rows that are not delivered are kept longer than their lifetime, but not for ever', async () => {
  const pond = new CollectingDestination();
  pond.before = () => {
    throw new Error('cannot reach the pond');
  };
  const destinations = start(() => pond, { name: 'kept', from: new Date() });
  await eventually(() => expect(destinations.status()[0]?.state).toBe('running'));
  await storeBatch();
  const due = { table: 'requests', rule: 'age', missingAt: ['kept'], isHeld: true };
  const inDays = (days: number) => eventTime + days * daySeconds * 1000;
  const lifetime = { seconds: 10 * daySeconds, bytes: null };
  expect((await plan(inDays(10), lifetime)).expiring).toEqual([]);
  expect((await plan(inDays(12), lifetime)).expiring).toMatchObject([due]);
  expect((await plan(inDays(17), lifetime)).expiring).toMatchObject([due]);
  const overdue = (await plan(inDays(19), lifetime)).expiring;
  expect(overdue).toMatchObject([{ ...due, isHeld: false }]);
  const tooLarge = await plan(Date.now(), { seconds: null, bytes: 1 });
  expect(tooLarge.expiring).toMatchObject([{ ...due, rule: 'size', isHeld: false }]);
  const bytes = tooLarge.expiring[0]?.bytes ?? 0;
  const slightly = await plan(Date.now(), { seconds: null, bytes: bytes - 1 });
  expect(slightly.expiring).toMatchObject([{ ...due, rule: 'size' }]);
  pond.before = () => {};
  await eventually(() => expect(destinations.status()[0]?.counts.batches).toBe(1));
  expect((await plan(inDays(12), lifetime)).expiring).toMatchObject([{ missingAt: [], isHeld: false }]);
  expect(await deleteExpired(trial.engine, overdue)).toMatchObject([{ table: 'requests', rows: 3 }]);
  expect(
    await trial.engine.rows({ sql: "SELECT origin, detail FROM events WHERE name = 'undelivered_deleted'" }),
  ).toEqual([
    {
      origin: 'requests 20231114',
      detail: '3 rows; not all of them were delivered to kept, which was waited for',
    },
  ]);
});
