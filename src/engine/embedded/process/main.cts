/**
 * The engine's process, started by `fork-engine.ts`. It loads the engine's library and waits to be told what to open;
 * then it builds the walls, and only then starts the first thread that may run SQL.
 */
import type { OpenMessage, OpenPaths } from '../engine-messages.ts';
import type { OpenDatabase, ParentChannel } from './serve-jobs.ts';

const fs: typeof import('node:fs') = require('node:fs');
const { Session }: typeof import('chdb') = require('chdb');
const walls: {
  buildWalls(paths: OpenPaths): string[];
  endWithParent(): void;
} = require('./os-walls.cjs');
const { endOnCrash }: { endOnCrash(): void } = require('./end-on-crash.cjs');

// The terminal sends these to every process of the command; the parent decides when this one ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
// Nothing can be reported any more. The books survive a kill, and the store must be free for the next process.
const end = () => process.kill(process.pid, 'SIGKILL');
process.on('disconnect', end);
walls.endWithParent();
if (process.ppid !== Number(process.env.TAILRACE_ENGINE_PARENT)) end();
offerToOutOfMemoryKiller();

const channel: ParentChannel = {
  send: (message) => void process.send?.(message),
  onMessage: (listener) => void process.on('message', listener as (message: unknown) => void),
};
const openDatabase: OpenDatabase = (directory, connectionArgs) => () => {
  const session = new Session(directory, { connectionArgs: [...connectionArgs] });
  endOnCrash();
  return session;
};
process.once('message', ({ open }: OpenMessage) => {
  // Read when the first thread of the pool starts.
  process.env.UV_THREADPOOL_SIZE = String(open.threads);
  const missingWalls = walls.buildWalls(open.paths);
  void import('./serve-jobs.js').then(({ serveJobs }) => serveJobs(channel, openDatabase, { open, missingWalls, end }));
});

/** When memory runs out, the kernel kills this process before the one that receives logs. */
function offerToOutOfMemoryKiller(): void {
  try {
    fs.writeFileSync('/proc/self/oom_score_adj', '500');
  } catch {
    // Not Linux.
  }
}
