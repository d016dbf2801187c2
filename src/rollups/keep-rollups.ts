import type { Engine } from '../engine/engine.ts';
import { inPortions } from '../engine/statement-portions.ts';
import { buildDay, buildHours } from './build-blocks.ts';
import { endOf, type Period, readContents } from './contents.ts';
import { dayMs, hourMs } from './range.ts';
import { removeStale } from './remove-stale.ts';

/** Rows that one statement sums up: it takes about half a second, which inserts may have to wait for. */
const maxRowsAtOnce = 500_000;
const everything = { fromMs: 0, toMs: Date.UTC(2106, 0, 1) };

export interface KeeperOptions {
  /** Epoch ms. */
  readonly now?: () => number;
  /** Called between two statements; builds nothing more when it returns false. */
  readonly goOn?: () => Promise<boolean>;
}

/**
 * Keeps the blocks of the rollups current. An hour is summed up once it is over and has the same rows at two looks, so that
 * a file that is being stored, or lines that come late, do not make it be summed up again and again.
 */
export class RollupKeeper {
  readonly #engine: Engine;
  readonly #now: () => number;
  readonly #goOn: () => Promise<boolean>;
  /** Identity of the rows at the last look, by hour. */
  #seen = new Map<number, string>();
  /** Identities of hours that could not be summed up; tried again when they have other rows. */
  #failed = new Map<number, string>();
  #staleBefore: ReadonlySet<string> = new Set();
  #removedMs = 0;

  constructor(engine: Engine, { now = Date.now, goOn = async () => true }: KeeperOptions = {}) {
    this.#engine = engine;
    this.#now = now;
    this.#goOn = goOn;
  }

  /** @throws EngineError; the next look continues */
  async look(): Promise<void> {
    const periods = await readContents(this.#engine, everything);
    const hours = periods.filter((period) => period.hours === 1);
    const wanted = hours.filter((hour) => !hour.block && this.#isSettled(hour));
    this.#seen = new Map(hours.map((hour) => [hour.startMs, identityOf(hour)]));
    const days = new Set(wanted.map(dayOf));
    for (const day of periods) if (day.hours === 24 && !day.block && endOf(day) <= this.#now()) days.add(day.startMs);
    // The newest first: they are looked at most.
    for (const day of [...days].toSorted((one, other) => other - one)) {
      for (const some of inPortions(
        wanted.filter((hour) => dayOf(hour) === day),
        ({ rows }) => rows,
        maxRowsAtOnce,
      )) {
        if (!(await this.#goOn())) return;
        for (const hour of await buildHours(this.#engine, some)) this.#failed.set(hour.startMs, identityOf(hour));
      }
      if (!(await this.#goOn())) return;
      if (day + dayMs <= this.#now()) await buildDay(this.#engine, day);
    }
    await this.#removeStale();
  }

  #isSettled(hour: Period): boolean {
    const identity = identityOf(hour);
    return (
      endOf(hour) <= this.#now() &&
      this.#seen.get(hour.startMs) === identity &&
      this.#failed.get(hour.startMs) !== identity
    );
  }

  /** Every hour, since it rewrites parts; of blocks that were already stale then, so that no answer still reads them. */
  async #removeStale(): Promise<void> {
    if (this.#now() - this.#removedMs < hourMs) return;
    this.#removedMs = this.#now();
    this.#staleBefore = await removeStale(this.#engine, this.#staleBefore);
  }
}

function identityOf({ rows, fingerprint }: Period): string {
  return `${rows} ${fingerprint}`;
}

function dayOf({ startMs }: Period): number {
  return Math.floor(startMs / dayMs) * dayMs;
}
