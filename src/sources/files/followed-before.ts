import { inspectFile, versionOfPrefix } from '../../framing/files/inspect-file.ts';
import type { OriginSpan } from '../../ledger/stored-versions.ts';
import type { StoredObject } from '../source.ts';
import { continues, parseGeneration } from './file-generation.ts';
import { OpenFile } from './open-file.ts';

/** What pipelines that follow files stored of a file that a user names. */
export type Followed =
  /** Every byte, some of them perhaps by name before. */
  | { readonly kind: 'whole' }
  /** Bytes `from <= offset < until` so far. */
  | { readonly kind: 'part'; readonly from: number; readonly until: number };

/**
 * @param spans what is stored of the generations with the file's name
 * @param named what was stored of the file by its name
 * @returns undefined when nothing of the file was followed
 * @throws NodeJS.ErrnoException
 */
export async function findFollowed(
  path: string,
  spans: readonly OriginSpan[],
  named: readonly Pick<StoredObject, 'version' | 'bytes'>[],
): Promise<Followed | undefined> {
  const file = await OpenFile.open(path);
  try {
    for (const span of spans) {
      const found = await compare(file, path, span);
      if (found) return found.kind === 'whole' ? found : withBeginning(found, path, file.bytes, named);
    }
    return undefined;
  } finally {
    await file.handle.close();
  }
}

async function compare(
  file: OpenFile,
  path: string,
  { origin, first, last }: OriginSpan,
): Promise<Followed | undefined> {
  const generation = parseGeneration(origin, last);
  if (!generation) return first !== '' && inspectFile(path).version === first ? { kind: 'whole' } : undefined;
  const { until } = generation.read;
  if (until === 0 || !(await continues(file, generation))) return undefined;
  if (first !== '') return { kind: 'part', from: firstByte(first), until };
  // A pipeline that begins at the end of its files notes what it leaves out; it stores what follows.
  return until === file.bytes ? undefined : { kind: 'part', from: until, until };
}

/** What was stored by name before the pipeline went on with it. */
function withBeginning(
  { from, until }: Extract<Followed, { kind: 'part' }>,
  path: string,
  size: number,
  named: Parameters<typeof findFollowed>[2],
): Followed {
  const isStored = named.some(({ bytes, version }) => bytes === from && versionOfPrefix(path, bytes) === version);
  const begin = isStored ? 0 : from;
  return begin === 0 && until === size ? { kind: 'whole' } : { kind: 'part', from: begin, until };
}

/** The beginning of the range in the version of a generation. */
function firstByte(version: string): number {
  return Number(/^\d+:(\d+)-/.exec(version)?.[1] ?? 0);
}
