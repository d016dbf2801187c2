import { inspectFile, versionOfPrefix } from '../../framing/files/inspect-file.ts';
import type { StoredObject } from '../source.ts';
import { continues, parseGeneration } from './file-generation.ts';
import { OpenFile } from './open-file.ts';

/** What pipelines that follow files stored of a file that a user names. */
export type Followed =
  /** Every byte, some of them perhaps by name before. */
  | { readonly kind: 'whole' }
  /** Bytes `from <= offset < until` so far. */
  | { readonly kind: 'part'; readonly from: number; readonly until: number };

/** A generation of a followed file: its first version that had lines, empty when none had, and its last one. */
export interface FollowedSpan {
  readonly origin: string;
  readonly first: string;
  readonly last: string;
}

/**
 * @param named what was stored of the file by its name
 * @returns undefined when nothing of the file was followed
 * @throws NodeJS.ErrnoException
 */
export async function findFollowed(
  path: string,
  spans: readonly FollowedSpan[],
  named: readonly Pick<StoredObject, 'version' | 'bytes'>[],
): Promise<Followed | undefined> {
  const file = await OpenFile.open(path);
  try {
    for (const span of spans) {
      const found = await compare(file, path, span);
      if (found?.kind !== 'part') {
        if (found) return found;
        continue;
      }
      const hasBeginning = named.some(({ bytes, version }) => bytes === found.from && isPrefix(path, bytes, version));
      const from = hasBeginning ? 0 : found.from;
      return from === 0 && found.until === file.bytes ? { kind: 'whole' } : { ...found, from };
    }
    return undefined;
  } finally {
    await file.handle.close();
  }
}

async function compare(
  file: OpenFile,
  path: string,
  { origin, first, last }: FollowedSpan,
): Promise<Followed | undefined> {
  const generation = parseGeneration(origin, last);
  if (!generation) return first !== '' && inspectFile(path).version === first ? { kind: 'whole' } : undefined;
  const { until } = generation.read;
  if (until === 0 || !(await continues(file, generation))) return undefined;
  if (first !== '') return { kind: 'part', from: firstByte(first), until };
  // A pipeline that begins at the end of its files notes what it leaves out; it stores what follows.
  return until === file.bytes ? undefined : { kind: 'part', from: until, until };
}

function isPrefix(path: string, bytes: number, version: string): boolean {
  return versionOfPrefix(path, bytes) === version;
}

/** The beginning of the range in the version of a generation. */
function firstByte(version: string): number {
  return Number(/^\d+:(\d+)-/.exec(version)?.[1] ?? 0);
}
