import { inspectFile } from '../../framing/files/inspect-file.ts';
import { edgeBytes, type Generation, hashEdge } from './file-generation.ts';
import type { FilesAtHand } from './files-at-hand.ts';
import { InflatedFile } from './inflated-file.ts';
import { isSteady, type Newcomer } from './newcomer.ts';

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
    for (const { generation, content: original, position } of atHand.originals(path)) {
      if (original.bytes % 2 ** 32 !== statedBytes || !isHeadOf(generation, head)) continue;
      return { kind: position === original.bytes ? 'nothing' : 'wait' };
    }
    const inflated = new InflatedFile(file, statedBytes);
    const generation = await atHand.known.findCopied(inflated, path);
    if (generation) return { kind: 'follow', generation, content: inflated };
    inflated.stop();
  }
  return { kind: 'deliver', fingerprint: version };
}

function isHeadOf({ read }: Generation, head: Buffer): boolean {
  return read.until > 0 && hashEdge(head.subarray(0, Math.min(read.until, edgeBytes))) === read.head;
}
