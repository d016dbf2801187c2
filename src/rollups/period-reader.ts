import type { Engine } from '../engine/engine.ts';
import { type Period, readContents } from './contents.ts';
import type { Range } from './range.ts';
import { unlistDamaged } from './unlist-damaged.ts';

/** The panels of a page ask within this time. */
const sharedMs = 1000;

/** Hours and days of a range as {@link readContents} tells them. */
export type ReadPeriods = (range: Range) => Promise<readonly Period[]>;

/**
 * One reading for all panels of a page: hours that are over may be a second old in an answer. Rows that no block sums up
 * are always read as they are now.
 */
export function createPeriodReader(engine: Engine): ReadPeriods {
  let checked: Promise<void> | undefined;
  const recent = new Map<string, Promise<readonly Period[]>>();
  return (range) => {
    const key = `${range.fromMs} ${range.toMs}`;
    const known = recent.get(key);
    if (known) return known;
    checked ??= unlistDamaged(engine);
    const reading = checked.then(() => readContents(engine, range));
    recent.set(key, reading);
    setTimeout(() => recent.delete(key), sharedMs).unref();
    return reading;
  };
}
