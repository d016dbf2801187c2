import type { Engine } from '../../engine/engine.ts';
import { versionOfPrefix } from '../../framing/files/inspect-file.ts';
import { type LedgerEntry, readEntries, readOrigins } from './batch-entries.ts';

/** Batches that can be taken back as a whole, because all their objects can be stored again. */
export interface TakeAgain {
  readonly batches: ReadonlySet<string>;
  readonly entries: readonly LedgerEntry[];
}

interface Verdict {
  readonly entries: readonly LedgerEntry[];
  readonly isReadable: boolean;
  /** Later batches that must be taken back with it: appended lines are read only after the earlier ones. */
  readonly followers: ReadonlySet<string>;
}

/**
 * Finds which of these batches can be taken back, and which others must be taken back with them. A batch cannot, when
 * any object of it or of its followers cannot be read again: the rest of its rows would be lost too.
 */
export async function chooseTakeAgain(engine: Engine, batches: readonly string[]): Promise<TakeAgain> {
  const verdicts = new Map<string, Verdict>();
  for (let unknown = [...new Set(batches)]; unknown.length > 0; ) {
    const entries = await readEntries(engine, unknown);
    const origins = await readOrigins(engine, [...new Set([...entries.values()].flat().map(({ origin }) => origin))]);
    for (const batch of unknown) verdicts.set(batch, judge(entries.get(batch) ?? [], origins));
    unknown = [...new Set([...verdicts.values()].flatMap(({ followers }) => [...followers]))].filter(
      (batch) => !verdicts.has(batch),
    );
  }
  const chosen = new Set(batches.flatMap((batch) => withFollowers(batch, verdicts) ?? []));
  return { batches: chosen, entries: [...chosen].flatMap((batch) => verdicts.get(batch)?.entries ?? []) };
}

/** @returns undefined when one of them cannot be read again */
function withFollowers(batch: string, verdicts: ReadonlyMap<string, Verdict>): string[] | undefined {
  const all = new Set([batch]);
  // The list grows during the loop, which ends because followers are always later.
  for (const one of all) {
    const verdict = verdicts.get(one);
    if (!verdict?.isReadable) return undefined;
    for (const follower of verdict.followers) all.add(follower);
  }
  return [...all];
}

function judge(entries: readonly LedgerEntry[], origins: ReadonlyMap<string, readonly LedgerEntry[]>): Verdict {
  const followers = new Set<string>();
  let isReadable = entries.length > 0;
  for (const entry of entries) {
    const later = (origins.get(entry.origin) ?? []).filter(({ batch }) => BigInt(batch) > BigInt(entry.batch));
    isReadable &&= canBeReadAgain(entry, later);
    for (const { batch } of later) followers.add(batch);
  }
  return { entries, isReadable, followers };
}

/**
 * True for files at the same path with the same content or more, and for the newest content of an S3 object. Streams,
 * requests and followed files cannot be read again.
 */
function canBeReadAgain({ origin, version, bytes }: LedgerEntry, later: readonly LedgerEntry[]): boolean {
  if (origin.startsWith('s3://')) return later.every((one) => one.version === version);
  const path = pathOf(origin);
  try {
    return path.startsWith('/') && versionOfPrefix(path, bytes) === version;
  } catch {
    return false;
  }
}

/** The path of a file that a pipeline stored as a whole, without the time when it was first seen. */
export function pathOf(origin: string): string {
  return origin.replace(/\?seen=[\dTZ:.-]+$/, '');
}
