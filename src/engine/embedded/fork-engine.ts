import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { builtProgram } from '../built-program.ts';

/** Starts the engine's process, which waits for the message that tells what to open. */
export function forkEngine(): ChildProcess {
  // The walls require CommonJS from the first line on.
  return fork(join(builtProgram, 'engine/embedded/process/main.cjs'), [], {
    // Not our environment: it holds secrets, and the engine could read it.
    env: {
      TAILRACE_ENGINE_PARENT: String(process.pid),
      UV_USE_IO_URING: '0',
      ...(process.env.TZ === undefined ? {} : { TZ: process.env.TZ }),
    },
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}
