import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openEngine } from '../../src/engine/open-engine.ts';
import { buildMonth } from './build-month.ts';

/** Each hour is summed up, so a month would take minutes. */
const span = { days: 6, firstDay: '2026-10-20' };

test('a month has all its days, ids of its own for every row, and books that balance; it is built once', async () => {
  const work = await mkdtemp(join(tmpdir(), 'bench-month-'));
  onTestFinished(() => rm(work, { recursive: true, force: true }));
  const store = join(work, 'store');
  const month = await buildMonth(store, 3_000, span);
  expect(month.rows).toBe(3_000);

  const engine = await openEngine({ directory: store });
  const [found] = await engine.rows({
    sql: `
      SELECT
        count() AS rows, uniqExact(toDate(time)) AS days, uniqExact(request_id) AS ids,
        (SELECT sum(rows) FROM ledger) AS booked, (SELECT count() FROM plans) AS planned,
        (SELECT countIf(promised != stored) FROM (
          SELECT batch, sum(rows) AS promised, any(n) AS stored
          FROM ledger LEFT JOIN (SELECT batch, count() AS n FROM requests GROUP BY batch) AS r USING batch
          GROUP BY batch)) AS odd,
        uniqExact(client_ip) > 1.5 * uniqExactIf(client_ip, toDate(time) = '2026-10-20') AS has_new_viewers,
        uniqExact(path) > 1.5 * uniqExactIf(path, toDate(time) = '2026-10-20') AS has_new_paths
      FROM requests`,
  });
  await engine.close();
  expect(found).toEqual({
    rows: 3_000,
    days: 6,
    ids: 3_000,
    booked: 3_000,
    planned: 6,
    odd: 0,
    has_new_viewers: 1,
    has_new_paths: 1,
  });

  expect(await buildMonth(store, 3_000, span)).toMatchObject({ rows: 3_000 });
  await expect(buildMonth(store, 6_000, span)).rejects.toThrow('it has 3000 rows and not 6000');
}, 240_000);
