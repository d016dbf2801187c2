import { readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/** On busy processors, some 6 % of the time that an insert gets: a stream that takes all of it needs less for its merges. */
const niceness = 12;
const threadName = 'MergeMutate\n';

/**
 * Lets merges of parts wait for inserts and queries. On Linux each thread has its own priority, and lowering it needs no
 * right; the engine's own setting for it does (CAP_SYS_NICE). Elsewhere nothing changes.
 *
 * @returns whether there is nothing left to do: the engine starts the threads with its first table
 */
export function lowerMerges(): boolean {
  try {
    const threads = readdirSync('/proc/self/task');
    const merging = threads.filter((thread) => readFileSync(`/proc/self/task/${thread}/comm`, 'utf8') === threadName);
    for (const thread of merging) setPriority(Number(thread), niceness);
    return merging.length > 0;
  } catch {
    // Not Linux, or a thread that has just ended, which none of these do.
    return process.platform !== 'linux';
  }
}
