import type { Period } from './contents.ts';
import { hourMs, type Range } from './range.ts';

/** A range as blocks of the rollups, and what is left to read from rows. */
export interface Cover {
  readonly blocks: readonly string[];
  readonly gaps: readonly Range[];
  readonly rows: number;
  /** How many of the rows are in gaps, about. */
  readonly left: number;
}

/**
 * Takes the fewest blocks that cover most of the range.
 * @param longest of the blocks, hours
 */
export function coverRange({ fromMs, toMs }: Range, periods: readonly Period[], longest: 1 | 24): Cover {
  const byPlace = new Map(periods.map((period) => [`${period.hours} ${period.startMs}`, period]));
  const blocks: string[] = [];
  const gaps: Range[] = [];
  let rows = 0;
  let left = 0;
  /** Where the block ends that starts here; undefined if there is none. Without rows none is needed. */
  const take = (at: number, hours: 1 | 24): number | undefined => {
    const end = at + hours * hourMs;
    if (at % (hours * hourMs) !== 0 || end > toMs) return undefined;
    const period = byPlace.get(`${hours} ${at}`);
    if (period && !period.block) return undefined;
    if (period?.block) blocks.push(period.block);
    rows += period?.rows ?? 0;
    return end;
  };
  for (let at = fromMs; at < toMs; ) {
    const end = (longest === 24 ? take(at, 24) : undefined) ?? take(at, 1);
    if (end === undefined) {
      const hour = Math.floor(at / hourMs) * hourMs;
      const gap = { fromMs: at, toMs: Math.min(toMs, hour + hourMs) };
      const inGap = ((byPlace.get(`1 ${hour}`)?.rows ?? 0) * (gap.toMs - gap.fromMs)) / hourMs;
      if (inGap > 0) addGap(gaps, gap);
      rows += inGap;
      left += inGap;
      at = gap.toMs;
    } else {
      at = end;
    }
  }
  return { blocks, gaps, rows, left };
}

function addGap(gaps: Range[], gap: Range): void {
  const last = gaps.at(-1);
  if (last?.toMs === gap.fromMs) gaps[gaps.length - 1] = { fromMs: last.fromMs, toMs: gap.toMs };
  else gaps.push(gap);
}
