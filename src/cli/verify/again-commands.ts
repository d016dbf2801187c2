import type { LedgerEntry } from '../../ledger/verify/batch-entries.ts';

/** Commands that store objects again, one per folder. Objects of the folder that are already stored are skipped. */
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

/** Read by a pipeline, which finds it again by itself. */
function isFollowed({ origin }: LedgerEntry): boolean {
  return origin.includes('?seen=');
}

/** Each folder once, with a trailing slash; a folder's only object by its own name. */
function foldersOf(entries: readonly LedgerEntry[]): string[] {
  const byFolder = new Map<string, Set<string>>();
  for (const { origin } of entries) {
    const folder = origin.slice(0, origin.lastIndexOf('/') + 1);
    byFolder.set(folder, (byFolder.get(folder) ?? new Set()).add(origin));
  }
  return [...byFolder].map(([folder, [only = folder, ...others]]) => (others.length === 0 ? only : folder));
}

/** Quotes a word for a POSIX shell. */
function quote(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
