import type { Engine } from '../engine/engine.ts';
import type { MaskRules } from '../layouts/line-rules.ts';
import { dayMs, hourMs, type Range } from '../rollups/range.ts';
import { readWholeSince } from '../store/retention.ts';
import {
  type HourEntry,
  type LakeHour,
  type LakeTable,
  noFingerprint,
  readLakeHours,
  recordHours,
} from './lake-hours.ts';
import type { LakePlace } from './lake-place.ts';
import { columnsToMask, type DraftOptions, draftHour, dropDrafts, folderOfHour, sizeOf } from './write-hour.ts';

export interface ExportOptions {
  readonly tables: readonly LakeTable[];
  /** Whole hours. */
  readonly range: Range;
  /** What is made unreadable before it leaves the store. */
  readonly mask: MaskRules;
  /** Whether an hour is written, of those whose rows are not all in the lake; default all. */
  readonly isDue?: (hour: LakeHour) => boolean;
  /** Called for each hour that was written or removed. */
  readonly onHour?: (change: ExportedHour) => void;
}

export interface ExportedHour {
  readonly table: LakeTable;
  readonly startMs: number;
  /** 0: its rows were taken back, and its files are removed. */
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
}

export interface Exported {
  readonly hours: number;
  readonly rows: number;
  readonly bytes: number;
  /** Hours that already lay there as they should. */
  readonly current: number;
  /** Hours that were not written, with the reason and a remedy. */
  readonly problems: readonly string[];
}

/**
 * Brings hours of a lake to the rows that the table has. Of each hour that differs, whole new files take the names of the old
 * ones, and a reader sees either. It is recorded before and after: a killed process leaves hours of which the store knows that they
 * must be written again.
 *
 * Rows that retention may have deleted stay in the lake: an hour that is so old is written once, and never again.
 * @throws EngineError; Error with a remedy when the place takes nothing
 */
export async function exportHours(
  engine: Engine,
  place: LakePlace,
  options: ExportOptions,
  signal: AbortSignal,
): Promise<Exported> {
  const sum = { hours: 0, rows: 0, bytes: 0, current: 0, problems: [] as string[] };
  for (const table of options.tables) {
    const hours = await readLakeHours(engine, place.name, table, options.range);
    // Afterwards: retention records what it deletes before it does.
    const whole = await readWholeSince(engine);
    const due = hours.filter((hour) => isChanged(hour, whole[table]) && (options.isDue?.(hour) ?? true));
    sum.current += hours.filter(({ written }) => written?.isCurrent).length;
    // So many are written again after a kill.
    for (const day of byDay(due)) {
      const changes = await exportDay(engine, place, table, day, options, signal);
      for (const change of changes.done) {
        sum.hours += 1;
        sum.rows += change.rows;
        sum.bytes += change.bytes;
        options.onHour?.(change);
      }
      sum.problems.push(...changes.problems);
    }
  }
  return sum;
}

function byDay(hours: readonly LakeHour[]): LakeHour[][] {
  const days = new Map<number, LakeHour[]>();
  for (const hour of hours) {
    const day = Math.floor(hour.startMs / dayMs);
    days.set(day, [...(days.get(day) ?? []), hour]);
  }
  return [...days.values()];
}

/** Whether an hour must be written. @param wholeSince first day from which retention has deleted nothing */
export function isChanged({ startMs, rows, written }: LakeHour, wholeSince: string): boolean {
  if (!written) return rows > 0;
  return !written.isCurrent && startMs >= Date.parse(wholeSince);
}

async function exportDay(
  engine: Engine,
  place: LakePlace,
  table: LakeTable,
  day: readonly LakeHour[],
  { mask }: ExportOptions,
  signal: AbortSignal,
): Promise<{ readonly done: readonly ExportedHour[]; readonly problems: readonly string[] }> {
  const problems: string[] = [];
  const ours: LakeHour[] = [];
  for (const hour of day) {
    const found = hour.written ? [] : await place.names(folderOfHour(table, hour.startMs), signal);
    if (found.length === 0) ours.push(hour);
    else problems.push(foreignFiles(place, found[0] ?? ''));
  }
  const [first] = ours;
  if (!first) return { done: [], problems };
  // Files may be there from now on.
  await recordHours(engine, place.name, table, ours.map(begun));
  const range = { fromMs: first.startMs, toMs: first.startMs + dayMs };
  const masked = await columnsToMask(engine, table, range, mask);
  const published: HourEntry[] = [];
  for (const hour of ours) {
    signal.throwIfAborted();
    const columns = masked.get(hour.startMs) ?? [];
    const entry = await exportHour(engine, place, table, hour, { mask, columns, signal });
    if (entry) published.push(entry);
  }
  const now = await readLakeHours(engine, place.name, table, range);
  // Rows are never stored again under the same batch: the same before and after, and as many in the file, are the same.
  const same = published.filter((entry) => {
    const { rows, fingerprint } = now.find(({ startMs }) => startMs === entry.startMs) ?? {
      rows: 0,
      fingerprint: noFingerprint,
    };
    return rows === entry.rows && fingerprint === entry.fingerprint;
  });
  await recordHours(engine, place.name, table, same);
  return { done: same.map((entry) => ({ table, ...entry })), problems };
}

/** @returns undefined when rows came or went meanwhile */
async function exportHour(
  engine: Engine,
  place: LakePlace,
  table: LakeTable,
  hour: LakeHour,
  options: DraftOptions,
): Promise<HourEntry | undefined> {
  const { signal } = options;
  const drafts = hour.rows === 0 ? new Map<string, string>() : await draftHour(engine, place, table, hour, options);
  if (!drafts) return undefined;
  try {
    const bytes = await sizeOf(drafts);
    for (const [name, draft] of drafts) await place.publish(draft, name, signal);
    // Of an hour that was cut into another number of files, or has no rows any more.
    const there = hour.written ? await place.names(folderOfHour(table, hour.startMs), signal) : [];
    await place.remove(
      there.filter((name) => isOurs(name) && !drafts.has(name)),
      signal,
    );
    const { startMs, rows, fingerprint } = hour;
    return { startMs, rows, fingerprint, files: drafts.size, bytes, isDone: true };
  } finally {
    await dropDrafts(drafts);
  }
}

/** Of a name in the folder of an hour. */
function isOurs(name: string): boolean {
  return /\/(?:requests|logs)(?:-\d+-of-\d+)?\.parquet$/.test(name);
}

/** What is recorded before the files of an hour are changed. */
function begun({ startMs, written }: LakeHour): HourEntry {
  return { startMs, rows: 0, fingerprint: noFingerprint, files: written?.files ?? 0, bytes: 0, isDone: false };
}

function foreignFiles(place: LakePlace, name: string): string {
  return (
    `cannot write the hour of "${name}" in ${place.name}: it is there already, and this store has not written it; ` +
    'remove it if this store has all rows of that hour, or name another place'
  );
}

/** Whole hours that touch a range. */
export function wholeHours(fromMs: number, toMs: number): Range {
  return { fromMs: Math.floor(fromMs / hourMs) * hourMs, toMs: Math.ceil(toMs / hourMs) * hourMs };
}
