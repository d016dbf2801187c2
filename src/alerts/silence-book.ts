import { randomBytes } from 'node:crypto';
import type { Engine } from '../engine/engine.ts';
import { parseMatcher } from './matchers.ts';
import type { Silence } from './suppress.ts';

export interface WrittenSilence {
  readonly id: string;
  readonly matchers: string[];
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly author: string;
  readonly comment: string;
}

/** Those that have not ended, the next to end first. */
export function readSilences(engine: Engine): Promise<WrittenSilence[]> {
  return engine.rows<WrittenSilence>({
    sql: `
      SELECT
        id, argMax(s.matchers, sequence) AS matchers, toUnixTimestamp64Milli(argMax(s.starts_at, sequence)) AS startsAtMs,
        toUnixTimestamp64Milli(argMax(s.ends_at, sequence)) AS endsAtMs, argMax(s.author, sequence) AS author,
        argMax(s.comment, sequence) AS comment
      FROM alert_silences AS s
      GROUP BY id
      HAVING endsAtMs > toUnixTimestamp64Milli(now64(3))
      ORDER BY endsAtMs, id
      LIMIT 1000`,
  });
}

export async function addSilence(engine: Engine, silence: Omit<WrittenSilence, 'id'>): Promise<WrittenSilence> {
  const id = randomBytes(4).toString('hex');
  await write(engine, { ...silence, id }, 1);
  return { ...silence, id };
}

/** @returns whether there was such a silence */
export async function endSilence(engine: Engine, id: string): Promise<boolean> {
  const found = (await readSilences(engine)).find((one) => one.id === id);
  if (found) await write(engine, { ...found, endsAtMs: Math.max(found.startsAtMs, Date.now()) }, Date.now());
  return found !== undefined;
}

export function silenceOf({ id, matchers, startsAtMs, endsAtMs }: WrittenSilence): Silence {
  return { id, startsAtMs, endsAtMs, matchers: matchers.flatMap((text) => parseMatcher(text) ?? []) };
}

async function write(engine: Engine, silence: WrittenSilence, sequence: number): Promise<void> {
  const { id, matchers, author, comment, startsAtMs, endsAtMs } = silence;
  await engine.run({
    sql: `
      INSERT INTO alert_silences (id, sequence, matchers, starts_at, ends_at, author, comment, written_at)
      SELECT {id:String}, {sequence:UInt64}, {matchers:Array(String)}, {starts_at:DateTime64(3)}, {ends_at:DateTime64(3)},
        {author:String}, {comment:String}, now64(3)`,
    params: { id, sequence, matchers, author, comment, starts_at: new Date(startsAtMs), ends_at: new Date(endsAtMs) },
  });
}
