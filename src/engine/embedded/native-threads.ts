/**
 * How many native calls may run at once. Each occupies a thread of libuv's pool, which files, gzip and name lookups of
 * this process need as well. The size of that pool is fixed when the first of its threads is needed, which for a
 * program of ES modules is before its first line runs: it must be in the environment when the process starts, or be set
 * by a CommonJS file that then imports the program.
 */
export function nativeThreads(env: Readonly<Record<string, string | undefined>> = process.env): number {
  const size = Number.parseInt(env.UV_THREADPOOL_SIZE ?? '', 10);
  return size >= 1 ? Math.min(size, 1024) : defaultThreads;
}

const defaultThreads = 4;

export interface SessionCounts {
  readonly writers: number;
  readonly readers: number;
  readonly askers: number;
}

/** One session more does not help when there is no thread for it. One thread is kept for stopping queries. */
export function countSessions(threads: number, wantedReaders?: number): SessionCounts {
  if (threads < 8) return { writers: 1, readers: wantedReaders ?? 1, askers: 1 };
  return { writers: 2, readers: wantedReaders ?? 3, askers: 2 };
}
