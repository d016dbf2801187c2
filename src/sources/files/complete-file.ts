import { inspectFile } from '../../framing/files/inspect-file.ts';
import { beginsWith, edgeBytes, type Generation, hashEdge } from './file-generation.ts';
import type { FilesAtHand } from './files-at-hand.ts';
import { type FollowedFile, isAnyRewritten } from './followed-file.ts';
import { InflatedFile } from './inflated-file.ts';
import { isSteady, type Newcomer } from './newcomer.ts';
import { OpenFile } from './open-file.ts';

/** How to handle a file that was compressed or packed as a whole. */
export type CompleteFile =
  | { readonly kind: 'wait' | 'nothing' }
  | { readonly kind: 'deliver'; readonly fingerprint: string }
  | { readonly kind: 'follow'; readonly generation: Generation; readonly content: InflatedFile };

/**
 * Determines whether the lines of a complete file were read already: as the same file under another name, or, for a
 * compressed rotated log, before it was compressed.
 * @throws NodeJS.ErrnoException
 */
export async function judgeComplete(newcomer: Newcomer, atHand: FilesAtHand): Promise<CompleteFile> {
  if (!isSteady(newcomer)) return { kind: 'wait' };
  const { path, file, ingested = [] } = newcomer;
  const { version, content, head, statedBytes, bytes } = inspectFile(path);
  if (bytes !== file.bytes) return { kind: 'wait' };
  if (atHand.known.isStored(version) || ingested.some((stored) => stored.version === version))
    return { kind: 'nothing' };
  if (content === 'gzip' && statedBytes !== undefined) {
    const originals = atHand.originals(path).filter(({ generation }) => isHeadOf(generation, head));
    for (const { content: original, position } of originals) {
      if (original.bytes % 2 ** 32 === statedBytes) return { kind: position === original.bytes ? 'nothing' : 'wait' };
    }
    if (await isAnyRewritten(originals)) return { kind: 'wait' };
    const inflated = new InflatedFile(file, statedBytes);
    const longer = await findLonger(inflated, originals);
    const generation = longer ? undefined : await atHand.known.findCopied(inflated, path);
    if (generation) return { kind: 'follow', generation, content: inflated };
    inflated.stop();
    if (longer) return { kind: longer.position >= statedBytes ? 'nothing' : 'wait' };
  }
  return { kind: 'deliver', fingerprint: version };
}

/** The open file that was compressed and that a program has written to since. */
async function findLonger(
  inflated: InflatedFile,
  originals: readonly FollowedFile[],
): Promise<FollowedFile | undefined> {
  for (const one of originals) {
    if (one.content instanceof OpenFile && (await beginsWith(one.content, inflated))) return one;
  }
  return undefined;
}

function isHeadOf({ read }: Generation, head: Buffer): boolean {
  return read.until > 0 && hashEdge(head.subarray(0, Math.min(read.until, edgeBytes))) === read.head;
}
