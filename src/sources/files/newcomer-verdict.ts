import { inspectFile, versionOfBytes } from '../../framing/files/inspect-file.ts';
import { contentKind, longestMagic } from '../../framing/lines/content-kind.ts';
import { judgeComplete } from './complete-file.ts';
import {
  beginsWith,
  continues,
  edgeBytes,
  formatVersion,
  type Generation,
  newOrigin,
  readEdges,
} from './file-generation.ts';
import type { FilesAtHand } from './files-at-hand.ts';
import { type FollowedFile, isAnyRewritten } from './followed-file.ts';
import { isSteady, type Newcomer } from './newcomer.ts';
import { OpenFile } from './open-file.ts';
import type { ReadableBytes } from './readable-bytes.ts';

/** How to handle the lines of a newcomer. */
export type Verdict =
  /** Undecided so far. */
  | { readonly kind: 'wait' }
  /** Everything in it is stored, or is read from another file. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refuse'; readonly problem: string }
  | { readonly kind: 'follow'; readonly generation: Generation; readonly content: ReadableBytes }
  /** A complete file that was never stored. */
  | { readonly kind: 'deliver'; readonly fingerprint: string }
  /** No part of it was ever followed. */
  | { readonly kind: 'begin'; readonly generation: Generation };

/**
 * Determines what a file is: one that was read before, perhaps under another name; a copy of one; or a new one.
 * @throws NodeJS.ErrnoException
 */
export async function judge(newcomer: Newcomer, atHand: FilesAtHand): Promise<Verdict> {
  const { file, path } = newcomer;
  const { known } = atHand;
  const head = await file.read(0, Math.min(file.bytes, longestMagic));
  if (head.length === 0 || (head.length < longestMagic && !head.includes('\n') && !isSteady(newcomer))) {
    return { kind: 'wait' };
  }
  const { kind, problem } = contentKind(head);
  if (kind === 'unsupported') return { kind: 'refuse', problem: problem ?? 'its content is not supported' };
  if (kind !== 'plain') return judgeComplete(newcomer, atHand);
  const before = newcomer.copyOf;
  // A copy in progress has grown since the scan.
  await file.refresh();
  const originals = atHand.originals(path);
  const original = await findOriginal(file, originals);
  if (original) {
    const { origin, read } = original.generation;
    // What was never read of the original may be cut before it is.
    if (read.until > 0) newcomer.copyOf = { origin, bytes: file.bytes };
    return { kind: 'wait' };
  }
  const generation = await known.findCopied(file, path);
  if (generation) return { kind: 'follow', generation, content: file };
  if (await isAnyRewritten(originals)) return { kind: 'wait' };
  // The original was read beyond the copy's end before it was truncated, or its truncation is not detected yet.
  if (before?.bytes === file.bytes) return { kind: known.has(before.origin) ? 'nothing' : 'wait' };
  const until = await ingestedUntil(newcomer);
  const read = { inode: file.inode, until, ...(await readEdges(file, until)) };
  return { kind: 'begin', generation: { origin: newOrigin(path), path, read } };
}

/** Number of bytes of the file that `tailrace ingest` has stored already. */
async function ingestedUntil({ file, ingested = [] }: Newcomer): Promise<number> {
  for (const { version, bytes } of ingested) {
    const isPossible = bytes > 0 && bytes <= file.bytes;
    if (isPossible && (await versionOfBytes((from, length) => file.read(from, length), bytes)) === version)
      return bytes;
  }
  return 0;
}

/** The open file that this is a copy of so far, made by a rotation that truncates the original (copytruncate). */
async function findOriginal(file: OpenFile, originals: readonly FollowedFile[]): Promise<FollowedFile | undefined> {
  for (const one of originals) {
    if (!(one.content instanceof OpenFile)) continue;
    if (one.position > 0 && (await continues(file, one.generation))) return one;
    if (await beginsWith(one.content, file)) return one;
  }
  return undefined;
}

/**
 * Treats the content of a file as stored, unless more is known about it.
 * @returns the entry for the ledger
 */
export async function skip(
  newcomer: Newcomer,
  atHand: FilesAtHand,
): Promise<{ origin: string; version: string } | undefined> {
  const { file, path } = newcomer;
  const { kind } = contentKind(await file.read(0, Math.min(file.bytes, longestMagic)));
  if (kind === 'gzip' || kind === 'parquet') {
    const { version } = inspectFile(path);
    atHand.known.addStored(version);
    await atHand.settle(newcomer);
    return { origin: newOrigin(path), version };
  }
  if (kind === 'unsupported') return undefined;
  const generation = await atHand.known.findCopied(file, path);
  if (generation) {
    atHand.follow(newcomer, generation);
    return undefined;
  }
  const until = await endOfLines(file);
  const read = { inode: file.inode, until, ...(await readEdges(file, until)) };
  const origin = newOrigin(path);
  atHand.follow(newcomer, { origin, path, read });
  return { origin, version: formatVersion(0, read) };
}

/** Offset of the end of the last whole line. */
export async function endOfLines(file: OpenFile): Promise<number> {
  for (let end = file.bytes; end > 0; end -= searchedBytes) {
    const start = Math.max(0, end - searchedBytes);
    const lastNewline = (await file.read(start, end - start)).lastIndexOf('\n');
    if (lastNewline !== -1) return start + lastNewline + 1;
  }
  return 0;
}

const searchedBytes = 64 * edgeBytes;
