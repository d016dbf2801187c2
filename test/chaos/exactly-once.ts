import { expect } from 'vitest';
import { type Feed, pause } from './feed.ts';
import { campaignIds, unfinishedPlans, type WorkerUnderFire } from './worker-under-fire.ts';

/**
 * Waits until all has arrived or nothing more does, and holds what is stored against what the feeds sent.
 * @returns what was found, in words
 */
export async function expectExactlyOnce(worker: WorkerUnderFire, feeds: readonly Feed[]): Promise<string> {
  const taken = feeds.flatMap((feed) => [...feed.taken]);
  await worker.untilStored(taken.length, 180_000);
  // What was stored twice would come last.
  await pause(3000);
  const rows = await worker.ask<{ id: string; times: number }>(
    `SELECT id, toUInt32(count()) AS times FROM (${campaignIds}) GROUP BY id`,
  );
  const stored = new Map(rows.map(({ id, times }) => [id, times]));
  const doubtful = new Set(feeds.flatMap((feed) => [...feed.doubtful]));
  const wanted = new Set(taken);
  const books = await worker.ask<{ name: string; count: number }>(`
    SELECT 'unbalanced' AS name, toUInt32(count()) AS count FROM ledger WHERE lines != rows + rejected + comments
    UNION ALL SELECT 'rejected', toUInt32(count()) FROM rejects
    UNION ALL SELECT 'rows', toUInt32((SELECT count() FROM requests) + (SELECT count() FROM logs))
    UNION ALL SELECT 'ledger', toUInt32(sum(rows)) FROM ledger`);
  const count = new Map(books.map(({ name, count }) => [name, count]));
  const lost = taken.filter((id) => !stored.has(id));
  const twice = [...stored].filter(([, times]) => times > 1).map(([id]) => id);
  const strange = [...stored.keys()].filter((id) => !wanted.has(id) && !doubtful.has(id));
  const problems = lost.length > 0 ? await worker.pipelines() : [];
  expect({ lost: sample(lost), twice: sample(twice), strange: sample(strange), problems }).toEqual({
    ...{ lost: [0], twice: [0], strange: [0], problems: [] },
  });
  const unfinished = await worker.ask(`SELECT * FROM (${unfinishedPlans})`);
  expect(unfinished).toEqual([]);
  expect(Object.fromEntries(count)).toMatchObject({ unbalanced: 0, rejected: 0 });
  expect(count.get('ledger')).toBe(count.get('rows'));
  expect(taken.length).toBeGreaterThan(100);
  return `${taken.length} events taken, ${doubtful.size} doubtful, ${count.get('rows')} rows`;
}

/** How many, and some of them. */
function sample(ids: readonly string[]): (number | string)[] {
  return [ids.length, ...ids.slice(0, 3)];
}
