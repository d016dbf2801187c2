import type { LedgerEntry } from '../../ledger/verify/batch-entries.ts';

/** What is to be run so that objects are stored again, by folder. What else is in it and stored already is left alone. */
export function againCommands(entries: readonly LedgerEntry[]): string[] {
  const objects = entries.filter(({ origin }) => origin.startsWith('s3://'));
  const files = entries.filter(({ origin }) => origin.startsWith('/'));
  const pipelines = new Set(files.filter(isFollowed).map(({ pipeline }) => pipeline));
  return [
    ...foldersOf(files.filter((entry) => !isFollowed(entry))).map((path) => `tailrace ingest ${quote(path)}`),
    ...foldersOf(objects).map((place) => `tailrace backfill ${quote(place)}`),
    ...[...pipelines].map((pipeline) => `tailrace up, whose pipeline "${pipeline}" takes its files again`),
  ];
}

/** Taken by a pipeline, which finds it by itself. */
function isFollowed({ origin }: LedgerEntry): boolean {
  return origin.includes('?seen=');
}

/** Each folder once, with a slash at its end; an object that is alone in its folder by its own name. */
function foldersOf(entries: readonly LedgerEntry[]): string[] {
  const byFolder = new Map<string, Set<string>>();
  for (const { origin } of entries) {
    const folder = origin.slice(0, origin.lastIndexOf('/') + 1);
    byFolder.set(folder, (byFolder.get(folder) ?? new Set()).add(origin));
  }
  return [...byFolder].map(([folder, [only = folder, ...others]]) => (others.length === 0 ? only : folder));
}

/** For a POSIX shell. */
function quote(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
