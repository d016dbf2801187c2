import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../src/engine/engine.ts';
import { insertBlockRows } from '../../src/engine/memory-budget.ts';
import { newBatchId } from '../../src/ledger/batch-id.ts';
import { writeLedger } from '../../src/ledger/close-batch.ts';
import { writePlan } from '../../src/ledger/plans.ts';
import { indexSettings, insertSettings } from '../../src/pipeline/insert-settings.ts';
import { RollupKeeper } from '../../src/rollups/keep-rollups.ts';
import { markLedger } from '../../src/store/ledger-mark.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { builtByMerges } from '../../src/store/search-indexes.ts';
import { activeBytes, mergesEnded } from '../store-state.ts';
import { runIngest } from '../tailrace-process.ts';
import { distinctIn } from '../traffic/heaps.ts';
import { writeLogs } from '../traffic/write-logs.ts';
import { type Copy, countRarePaths, insertCopy, type News, probeUserAgents } from './shifted-rows.ts';

export const days = 30;
/** Days of a store; always the same ones, so that equal options give equal rows. */
export interface Span {
  readonly days: number;
  /** `2026-10-20` */
  readonly firstDay: string;
}

const month: Span = { days, firstDay: '2026-10-20' };
/** Rows that are really generated and ingested, at most; all others are made of them by the engine. */
const mostIngested = 1_700_000;

export interface Month {
  readonly rows: number;
  readonly engine: string;
  readonly storedBytes: number;
}

interface Book {
  readonly batch: string;
  readonly origin: string;
  readonly layout: string;
  readonly bytes: number;
  readonly lineBytes: number;
}

/**
 * Makes a store of about `rows` requests over the days of a span, by default 30, as if a file for each part of a day had been ingested: the first
 * file is, by the built program; each other one is an INSERT … SELECT of its rows with other times, request ids and,
 * in the measure of Heaps' law, other paths, viewers and user agents. Each is a batch with its plan and its entry in the
 * ledger, so that the books balance. Uses a store that is there as it is.
 * @throws Error when the store that is there has another number of rows
 */
export async function buildMonth(store: string, rows: number, span = month): Promise<Month> {
  const { days } = span;
  const copiesADay = Math.ceil(rows / days / mostIngested);
  const rowsADay = Math.round(rows / days / copiesADay);
  const expected = rowsADay * copiesADay * days;
  if (!existsSync(store)) await ingestFirst(store, rowsADay, span.firstDay);
  const opened = await openStore({ directory: store });
  try {
    const found = await countRows(opened.engine);
    if (found === rowsADay && expected > found) await copyDays(opened, rowsADay, copiesADay, span);
    else if (found !== expected) {
      throw new Error(
        `cannot use the store "${store}": it has ${found} rows and not ${expected}; remove it or name another one`,
      );
    }
    await indexPaths(opened.engine);
    await sumUp(opened.engine);
    await mergesEnded(opened.engine);
    return { rows: expected, engine: opened.engine.version, storedBytes: await activeBytes(opened.engine) };
  } finally {
    await opened.close();
  }
}

/** As merges do: the parts of the copies are so few and large that none are needed. Skips parts that have them. */
async function indexPaths(engine: Engine): Promise<void> {
  for (const name of builtByMerges)
    await engine.run({ sql: `ALTER TABLE requests MATERIALIZE INDEX ${name}`, settings: { mutations_sync: 2 } });
}

/** As `tailrace up` does in the background: what two looks find the same is summed up. */
async function sumUp(engine: Engine): Promise<void> {
  const startedAt = performance.now();
  const keeper = new RollupKeeper(engine);
  await keeper.look();
  await keeper.look();
  console.error(`rollups: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}

async function ingestFirst(store: string, rows: number, day: string): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'tailrace-bench-day-'));
  try {
    const { files } = await writeLogs({ rows, directory: join(directory, 'logs'), layout: 'one', day });
    const { seconds } = await runIngest(store, files[0] ?? '', rows);
    console.error(`ingested ${rows} rows in ${seconds.toFixed(1)} s`);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function copyDays(
  { engine, refresh }: Store,
  rowsADay: number,
  copiesADay: number,
  { days, firstDay }: Span,
): Promise<void> {
  const books = await engine.rows<Book>({
    sql: `SELECT toString(batch) AS batch, origin, layout, bytes, intDiv(content_bytes, lines) AS lineBytes FROM ledger`,
  });
  const first = books.map(({ batch }) => batch);
  const book = books[0];
  if (book === undefined) throw new Error('BUG: the ingested day has no entry in the ledger');
  const copies = days * copiesADay - 1;
  const news = await newsOfCopy(engine, first, rowsADay, copies);
  for (let number = 1; number <= copies; number++) {
    const startedAt = performance.now();
    const day = Math.floor(number / copiesADay);
    const origin = book.origin.replace(firstDay, dayAfter(firstDay, day)).replace(/\.gz$/, `-${number}.gz`);
    const batch = newBatchId();
    const copy: Copy = { number, day, batch, filename: origin.slice(origin.lastIndexOf('/') + 1), news };
    await engine.run(probeUserAgents(copy, first));
    await refresh();
    const object = { origin, version: `copy ${number}`, layout: book.layout, bytes: book.bytes, fromLine: 0 };
    await writePlan(engine, batch, [object], { worker: '', pipeline: '', isLeased: false });
    await engine.run({ ...insertCopy(copy, first, book.lineBytes), settings: copySettings });
    await writeLedger(engine, batch);
    console.error(`copy ${number} of ${copies}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  }
  await refresh();
  await markLedger(engine);
}

/** A part for each thread and copy, so that a day has fewer parts than the engine merges: that would take as long again. */
const copySettings = {
  ...insertSettings,
  ...indexSettings({ kind: 'embedded' }),
  max_block_size: 65_536,
  min_insert_block_size_rows: 9 * insertBlockRows(),
};

/** What each copy must have anew for the month to have as many different values as real traffic of its size. */
async function newsOfCopy(engine: Engine, first: readonly string[], rows: number, copies: number): Promise<News> {
  const [paths] = await engine.rows<{ rare: number }>(countRarePaths(first));
  const share = (of: 'paths' | 'viewers' | 'userAgents', among: number): number =>
    Math.min(1, (distinctIn[of](rows * (copies + 1)) - distinctIn[of](rows)) / copies / Math.max(1, among));
  return {
    paths: share('paths', paths?.rare ?? 0),
    viewers: share('viewers', distinctIn.viewers(rows)),
    userAgents: share('userAgents', distinctIn.userAgents(rows)),
  };
}

async function countRows(engine: Engine): Promise<number> {
  const [found] = await engine.rows<{ rows: number }>({ sql: 'SELECT count() AS rows FROM requests' });
  return found?.rows ?? 0;
}

function dayAfter(first: string, days: number): string {
  return new Date(Date.parse(first) + days * 86_400_000).toISOString().slice(0, 10);
}
