import type { PipelinesAnswer } from '../../../src/server/routes/pipelines.ts';

export interface RatePoint {
  readonly atMs: number;
  readonly linesPerSecond: number;
}

/** By pipeline name. */
export type RateHistory = ReadonlyMap<string, readonly RatePoint[]>;

const keptMs = 30 * 60_000;
/** A page in the background polls rarely: a longer gap is drawn as unknown. */
const gapMs = 15_000;
const leastSpanMs = 2 * 60_000;

/** For the current pipelines only; removed ones are dropped. */
export function appendRates(history: RateHistory, { pipelines }: PipelinesAnswer, nowMs: number): RateHistory {
  return new Map(
    pipelines.map(({ name, linesPerSecond }) => [
      name,
      [...(history.get(name) ?? []).filter(({ atMs }) => atMs >= nowMs - keptMs), { atMs: nowMs, linesPerSecond }],
    ]),
  );
}

export interface RateDrawing {
  /** One path per stretch without a gap, in a box of 100 × 100; the line, and the area below it. */
  readonly stretches: readonly { readonly line: string; readonly area: string }[];
  readonly most: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** At least two minutes wide, so that the first points do not look like hours. */
export function drawRates(points: readonly RatePoint[]): RateDrawing {
  const toMs = points.at(-1)?.atMs ?? 0;
  const fromMs = Math.min(points[0]?.atMs ?? toMs, toMs - leastSpanMs);
  const most = Math.max(0, ...points.map(({ linesPerSecond }) => linesPerSecond));
  const place = ({ atMs, linesPerSecond }: RatePoint) => {
    const x = ((atMs - fromMs) / (toMs - fromMs)) * 100;
    const y = most > 0 ? 100 - (linesPerSecond / most) * 100 : 100;
    return [x.toFixed(2), y.toFixed(2)] as const;
  };
  const stretches = splitAtGaps(points).map((stretch) => {
    const places = stretch.map(place);
    const line = `M${places.map(([x, y]) => `${x} ${y}`).join('L')}`;
    return { line, area: `${line}L${places.at(-1)?.[0]} 100L${places[0]?.[0]} 100Z` };
  });
  return { stretches, most, fromMs, toMs };
}

function splitAtGaps(points: readonly RatePoint[]): RatePoint[][] {
  const stretches: RatePoint[][] = [];
  for (const point of points) {
    const last = stretches.at(-1);
    const before = last?.at(-1);
    if (last && before && point.atMs - before.atMs < gapMs) last.push(point);
    else stretches.push([point]);
  }
  return stretches;
}
