import { clock, jittered, secondOfDay } from './day-curve.ts';
import { distinctIn } from './heaps.ts';
import { LineWriter } from './line-writer.ts';
import { writeRequest } from './log-line.ts';
import { createPath, hugeObject, type SitePath } from './paths.ts';
import { createRankSampler, itemsForDistinct, viewerWeight, zipf } from './popularity.ts';
import { Random } from './random.ts';
import { createSession, meanSessionLength, type Session, visit } from './sessions.ts';
import { createUserAgents } from './user-agents.ts';
import { createViewer, type Viewer } from './viewers.ts';

/** Everything that a line depends on, apart from its position. Plain data: it is sent to worker threads. */
export interface TrafficPlan {
  readonly seed: number;
  readonly rows: number;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly viewers: number;
  readonly paths: number;
  readonly userAgents: number;
}

/** Lines per chunk, except the last; a chunk can be generated without those before it. */
export const linesPerChunk = 25_000;
/** Lines that share an hour and a position in the day; one file each in the layout `many`. */
export const linesPerBlock = 50;
/** Concurrent visits. More of them: longer distances between equal strings, and larger archives. */
const openSessions = 12;
/** Probability that the next line is of the same visit: a page and what belongs to it are fetched at once. */
const burst = 0.5;
/** No line is longer: the parts that can be long are a long query (about 2.5 kB) and two page names. */
const maxLineBytes = 16_384;

/** Distinct viewers, paths and user agents follow Heaps' law with exponents measured on real logs (README.md). */
export function planTraffic(options: { rows: number; seed?: number; day?: string }): TrafficPlan {
  const { rows, seed = 1, day = '2026-11-10' } = options;
  const viewers = distinctIn.viewers(rows);
  return {
    seed,
    rows,
    day,
    viewers: itemsForDistinct(rows / meanSessionLength, viewers, viewerWeight),
    paths: itemsForDistinct(rows, distinctIn.paths(rows), zipf(1)),
    userAgents: Math.round(distinctIn.userAgents(rows)),
  };
}

export interface Block {
  readonly bytes: Buffer;
  readonly lines: number;
  /** Hour of the day of all its lines, 0–23. */
  readonly hour: number;
}

export interface Traffic {
  /** Lines without header. The blocks of a chunk must be used before the next call: they share one buffer. */
  chunk(index: number): Iterable<Block>;
}

export function chunkCount(plan: TrafficPlan): number {
  return Math.ceil(plan.rows / linesPerChunk);
}

export function createTraffic(plan: TrafficPlan): Traffic {
  const { seed } = plan;
  const userAgents = createUserAgents(plan.userAgents);
  const viewerRanks = createRankSampler(plan.viewers, viewerWeight);
  const pathRanks = createRankSampler(plan.paths, zipf(1));
  const viewers: (Viewer | undefined)[] = new Array(plan.viewers);
  const paths: (SitePath | undefined)[] = new Array(plan.paths);
  const out = new LineWriter(linesPerBlock * maxLineBytes);
  let place = 0;

  const viewer = (rank: number): Viewer => {
    viewers[rank] ??= createViewer(seed, rank, userAgents);
    return viewers[rank];
  };
  const path = (rank: number): SitePath => {
    paths[rank] ??= createPath(seed, rank);
    return paths[rank];
  };
  const open = (random: Random): Session =>
    createSession(random, viewer(viewerRanks.rank(random.fraction())), () => userAgents.person(random));

  /** Not part of the generator function below: V8 optimises those less. */
  const writeLine = (random: Random, sessions: Session[], line: number, second: number): void => {
    if (!random.chance(burst)) place = random.below(openSessions);
    let session = sessions[place] as Session;
    if (session.remaining-- <= 0) {
      session = open(random);
      sessions[place] = session;
    }
    const requested = line === Math.floor(plan.rows / 2) ? hugeObject : path(pathRanks.rank(random.fraction()));
    const when = { day: plan.day, clock: clock(jittered(second, random.fraction())) };
    writeRequest(out, random, session, requested, when);
    visit(session, requested);
  };

  function* chunk(index: number): Iterable<Block> {
    const random = new Random(seed, 0xc4a2, index);
    place = 0;
    const sessions = Array.from({ length: openSessions }, () => open(random));
    const end = Math.min(plan.rows, (index + 1) * linesPerChunk);
    for (let first = index * linesPerChunk; first < end; first += linesPerBlock) {
      const lines = Math.min(linesPerBlock, end - first);
      const second = secondOfDay(first / plan.rows);
      out.position = 0;
      for (let line = first; line < first + lines; line++) writeLine(random, sessions, line, second);
      yield { bytes: out.bytes.subarray(0, out.position), lines, hour: Math.floor(second / 3600) };
    }
  }
  return { chunk };
}
