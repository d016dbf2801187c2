import type { ChildProcess } from 'node:child_process';
import { forkEngine } from './fork-engine.ts';

let early: ChildProcess | undefined;

/**
 * Starts the engine's process before it is known which store to open: loading its library takes as long as loading the
 * command. It does not keep this process running, and ends with it.
 */
export function startEarly(): void {
  const child = forkEngine();
  early = child;
  const forget = () => {
    if (early === child) early = undefined;
  };
  child.once('error', forget).once('exit', forget);
  for (const handle of [child, child.channel, child.stderr as { unref?(): void } | null]) handle?.unref?.();
}

/** The process that was started early, if it still runs; it then belongs to the caller. */
export function takeEarly(): ChildProcess | undefined {
  const child = early;
  early = undefined;
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return undefined;
  for (const handle of [child, child.channel, child.stderr as { ref?(): void } | null]) handle?.ref?.();
  return child;
}

/** Ends the process that was started early, because this one opens no store. */
export function endEarly(): void {
  takeEarly()?.kill('SIGKILL');
}
