import { createHash } from 'node:crypto';
import type { ReadableBytes } from './readable-bytes.ts';

/**
 * A file from its first byte on, whatever its names: rotation ends one generation and starts the next. Each has its own
 * origin in the ledger, so that the new `app.log` does not hide how far the old one was read.
 */
export interface Generation {
  /** `<path>?seen=<when it was first seen>` */
  readonly origin: string;
  /** Path where it was first seen. */
  readonly path: string;
  readonly read: ReadUntil;
}

/** How far a generation was read, and how to identify it later. */
export interface ReadUntil {
  readonly inode: string;
  readonly until: number;
  /** Hash of the first {@link edgeBytes} before `until`. */
  readonly head: string;
  /** Hash of the last {@link edgeBytes} before `until`. */
  readonly tail: string;
}

/** Bytes hashed at both ends: a name identifies nothing, and an inode is soon reused. */
export const edgeBytes = 1024;

export function hashEdge(edge: Uint8Array): string {
  return createHash('sha256').update(edge).digest('hex').slice(0, 16);
}

/** Between the path and the time in the origin of a generation. */
export const seenMark = '?seen=';

let lastSeenMs = 0;

/** Different each time: two files that are found within a millisecond may have had the same path, one after the other. */
export function newOrigin(path: string): string {
  lastSeenMs = Math.max(Date.now(), lastSeenMs + 1);
  return `${path}${seenMark}${new Date(lastSeenMs).toISOString()}`;
}

/** `<inode>:<from>-<until>:<head>:<tail>` */
export function formatVersion(from: number, { inode, until, head, tail }: ReadUntil): string {
  return `${inode}:${from}-${until}:${head}:${tail}`;
}

/** Parses the ledger's entry of a generation. @returns undefined when the entry is of another object */
export function parseGeneration(origin: string, version: string): Generation | undefined {
  const [, path] = /^(.*)\?seen=[\dTZ:.-]+$/s.exec(origin) ?? [];
  const [, inode, until, head, tail] = /^(\d+):\d+-(\d+):([0-9a-f]{16}):([0-9a-f]{16})$/.exec(version) ?? [];
  if (path === undefined || !inode || !until || !head || !tail) return undefined;
  return { origin, path, read: { inode, until: Number(until), head, tail } };
}

/** Reads the fingerprint of the generation whose first `until` bytes these are. */
export async function readEdges(content: ReadableBytes, until: number): Promise<{ head: string; tail: string }> {
  const length = Math.min(until, edgeBytes);
  const head = hashEdge(await content.read(0, length));
  return { head, tail: until === length ? head : hashEdge(await content.read(until - length, length)) };
}

/** Whether the content begins with all of another, by the ends of that; whatever its size was when it was last asked for. */
export async function beginsWith(content: ReadableBytes, other: ReadableBytes): Promise<boolean> {
  const { bytes } = other;
  const length = Math.min(bytes, edgeBytes);
  for (const from of new Set([0, bytes - length])) {
    if (!(await content.read(from, length)).equals(await other.read(from, length))) return false;
  }
  return true;
}

/** Whether these bytes begin with everything that was read of the generation. */
export async function continues(content: ReadableBytes, { read }: Generation): Promise<boolean> {
  if (content.bytes < read.until) return false;
  const { head, tail } = await readEdges(content, read.until);
  return head === read.head && tail === read.tail;
}
