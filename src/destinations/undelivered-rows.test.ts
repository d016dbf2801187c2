import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { holdRetention } from '../ledger/hold-retention.ts';
import { CollectingDestination } from './test-doubles/collecting-destination.ts';
import { eventTime, eventually, ShippingTrial } from './test-doubles/shipping-trial.ts';

vi.mock('../waiting/backoff.ts', () => ({ backoffMs: () => 5 }));

const trial = new ShippingTrial();
const { start, storeBatch } = trial;
beforeAll(() => trial.open());
afterAll(() => trial.close());

test('rows that are not delivered are kept longer than their lifetime, but not for ever', async () => {
  const pond = new CollectingDestination();
  const time = new Date();
  pond.before = () => {
    throw new Error('cannot reach the pond');
  };
  const destinations = start(() => pond, { name: 'kept', from: time });
  await eventually(() => expect(destinations.status()[0]?.state).toBe('running'));
  await storeBatch();
  const seconds = Math.round((Date.now() - eventTime) / 1000) + 1800;
  const retention = { requestsSeconds: seconds, logsSeconds: seconds, rejectsSeconds: null };
  const waiters = [{ destination: 'kept', pipelines: undefined }];
  const lifetimes = () =>
    trial.engine.rows({
      sql: `SELECT name, toUInt32OrNull(extract(create_table_query, 'TTL .*?toIntervalSecond\\((\\d+)\\)')) AS seconds
            FROM system.tables WHERE database = currentDatabase() AND name IN ('requests', 'logs', 'rejects') ORDER BY name`,
    });
  const kept = (requests: number | null) => [
    { name: 'logs', seconds: requests === null ? null : seconds },
    { name: 'rejects', seconds: null },
    { name: 'requests', seconds: requests },
  ];
  await holdRetention(trial.engine, retention, waiters);
  expect(await lifetimes()).toEqual(kept(seconds + 7 * 86_400));
  pond.before = () => {};
  await eventually(() => expect(destinations.status()[0]?.counts.batches).toBe(1));
  await holdRetention(trial.engine, retention, waiters);
  expect(await lifetimes()).toEqual(kept(seconds));
  await holdRetention(trial.engine, { requestsSeconds: null, logsSeconds: null, rejectsSeconds: null }, waiters);
  expect(await lifetimes()).toEqual(kept(null));
});
