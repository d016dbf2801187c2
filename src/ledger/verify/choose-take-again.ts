import type { Engine } from '../../engine/engine.ts';
import { versionOfPrefix } from '../../framing/files/inspect-file.ts';
import { type LedgerEntry, readEntries, readOrigins } from './batch-entries.ts';

/** Batches that can be taken back as a whole, because all that is in them can be stored again. */
export interface TakeAgain {
  readonly batches: ReadonlySet<string>;
  readonly entries: readonly LedgerEntry[];
}

interface Verdict {
  readonly entries: readonly LedgerEntry[];
  readonly isReadable: boolean;
  /** Later batches that must go with it: what was appended to a file is read only after what was there before. */
  readonly followers: ReadonlySet<string>;
}

/**
 * Finds which of these batches can be taken back, and which others must go with them. A batch cannot be, when anything in
 * it or in its followers cannot be read again: the rest of its rows would be lost as well.
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
  // Grows while it is walked; followers are later, so that this comes to an end.
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
 * Files that lie where they lay, with the same content or more of it, and the newest content of an S3 object. What came in
 * a stream or a request, or was followed as it was written, does not come again.
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

/** The path of a file that a pipeline took as a whole, without the time when it was first seen. */
export function pathOf(origin: string): string {
  return origin.replace(/\?seen=[\dTZ:.-]+$/, '');
}
