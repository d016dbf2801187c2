import type { Engine } from '../engine/engine.ts';
import {
  type BatchLayout,
  describeBatchLayout,
  isLogLayout,
  isRefused,
  nothingToRead,
} from '../layouts/batch-layout.ts';
import { type Books, emptyBooks } from '../ledger/books.ts';
import { writeEvent } from '../ledger/events.ts';
import { type FileInput, filenameOf } from './file-input.ts';
import type { StoredBatch } from './store-batch.ts';
import { findUnknownTimes, timeNotFound } from './unknown-times.ts';

/** From this share of rejects on, the layout no longer fits its object; below it, single lines are broken. */
const driftShare = 0.05;
const driftLines = 5;
/** Limit of events of one kind in a batch, so that thousands of similar files do not hide other events. */
const mostAlike = 5;

interface ToldObject {
  readonly origin: string;
  readonly layout: BatchLayout;
  readonly books: Books;
}

interface ObjectEvent {
  readonly name: string;
  readonly origin: string;
  readonly detail: string;
}

/**
 * Records events for the operator about the objects of a stored batch: objects that are refused, whose columns change
 * midway, or whose lines often do not fit the layout. Each object is judged alone, so that good objects in the same
 * batch do not hide a bad one.
 *
 * @returns the events as text
 */
export async function tellOfBatch(
  engine: Engine,
  { batch, objects, untimedRows }: StoredBatch,
  inputs: readonly FileInput[],
): Promise<string[]> {
  const told = inputs.map((input, place) => ({ ...input, books: objects[place] ?? emptyBooks }));
  const events = [
    ...bounded(told.flatMap(refusal)),
    ...bounded(told.filter(({ isSegmented, fromLine }) => isSegmented && fromLine === 0).map(changeOfColumns)),
    ...bounded(await drifts(engine, batch, told)),
    ...(untimedRows > 0 ? await unknownTimes(engine, batch, told) : []),
  ];
  for (const event of events) await writeEvent(engine, { ...event, batch });
  return events.map(({ name, origin, detail }) => `${name}: ${origin}: ${detail}`);
}

async function unknownTimes(engine: Engine, batch: string, objects: readonly FileInput[]): Promise<ObjectEvent[]> {
  const logs = objects.filter(({ layout }) => isLogLayout(layout));
  const found = await findUnknownTimes(engine, batch);
  if (!found) return [];
  const example = logs.find((input) => filenameOf(input) === found.filename);
  return [{ name: timeNotFound, origin: example?.origin ?? found.filename, detail: found.detail }];
}

function refusal({ origin, layout, books }: ToldObject): ObjectEvent[] {
  const isTold = layout !== nothingToRead && isRefused(layout) && books.lines === 0;
  return isTold ? [{ name: 'object_refused', origin, detail: layout.refused }] : [];
}

function changeOfColumns({ origin }: ToldObject): ObjectEvent {
  const detail = 'the columns change within the object; each part was read by its own header';
  return { name: 'columns_changed', origin, detail };
}

async function drifts(engine: Engine, batch: string, objects: readonly ToldObject[]): Promise<ObjectEvent[]> {
  const drifted = objects.filter(
    ({ books: { rows, rejected } }) => rejected >= Math.max(driftLines, driftShare * (rows + rejected)),
  );
  if (drifted.length === 0) return [];
  drifted.sort((one, other) => other.books.rejected - one.books.rejected);
  const named = drifted.slice(0, mostAlike).map(({ origin }) => origin);
  const worst = await engine.rows<{ origin: string; reason: string; count: number }>({
    sql: `
      SELECT origin, reason, count() AS count
      FROM rejects WHERE batch = {batch:UInt64} AND has({origins:Array(String)}, origin)
      GROUP BY origin, reason ORDER BY count DESC, min(line_number) LIMIT 1 BY origin`,
    params: { batch, origins: named },
  });
  return drifted.map(({ origin, layout, books: { rows, rejected } }) => {
    const { reason, count } = worst.find((found) => found.origin === origin) ?? { reason: '', count: 0 };
    const detail =
      `${rejected} of ${rows + rejected} lines do not fit the layout (${describeBatchLayout(layout)}); ` +
      `most often: ${reason}, ${count} times`;
    return { name: 'layout_drift', origin, detail };
  });
}

/** The first events; the last of them states how many more there are. */
function bounded(events: readonly ObjectEvent[]): ObjectEvent[] {
  const kept = events.slice(0, mostAlike);
  const more = events.length - kept.length;
  return kept.map((event, place) =>
    more > 0 && place === mostAlike - 1
      ? { ...event, detail: `${event.detail}; the same of ${more} more objects` }
      : event,
  );
}
