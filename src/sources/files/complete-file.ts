import { edgeBytes, type Generation, hashEdge } from './file-generation.ts';
import type { FollowedFile } from './followed-file.ts';
import { InflatedFile } from './inflated-file.ts';
import { inspectFile } from './inspect-file.ts';
import type { KnownGenerations } from './known-generations.ts';
import { isSteady, type Newcomer } from './newcomer.ts';
import { isRotatedFrom } from './rotated-name.ts';

/** What is to be done with a file that was compressed or packed as a whole. */
export type CompleteFile =
  | { readonly kind: 'wait' | 'nothing' }
  | { readonly kind: 'deliver'; readonly fingerprint: string }
  | { readonly kind: 'follow'; readonly generation: Generation; readonly content: InflatedFile };

/**
 * Finds out whether the lines of a complete file were read already: as the same file under another name, or, when it is a
 * rotated log that was compressed, before it was.
 * @throws NodeJS.ErrnoException
 */
export async function judgeComplete(
  newcomer: Newcomer,
  known: KnownGenerations,
  followed: Iterable<FollowedFile>,
): Promise<CompleteFile> {
  if (!isSteady(newcomer)) return { kind: 'wait' };
  const { path, file } = newcomer;
  const { version, content, sample, statedBytes, bytes } = inspectFile(path);
  if (bytes !== file.bytes) return { kind: 'wait' };
  if (known.isStored(version)) return { kind: 'nothing' };
  if (content === 'gzip' && statedBytes !== undefined) {
    for (const { generation, content: original, position } of followed) {
      if (original.bytes % 2 ** 32 !== statedBytes || !isRotatedFrom(path, generation.path)) continue;
      if (isHeadOf(generation, sample)) return { kind: position === original.bytes ? 'nothing' : 'wait' };
    }
    const inflated = new InflatedFile(file, statedBytes);
    const generation = await known.findCopied(inflated, path);
    if (generation) return { kind: 'follow', generation, content: inflated };
    inflated.stop();
  }
  return { kind: 'deliver', fingerprint: version };
}

function isHeadOf({ read }: Generation, sample: Buffer): boolean {
  return read.until > 0 && hashEdge(sample.subarray(0, Math.min(read.until, edgeBytes))) === read.head;
}
