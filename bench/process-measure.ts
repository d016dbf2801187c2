import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { endedChildrenCpuSeconds, processTree } from './process-tree.ts';

export interface MeasuredProcess {
  /** Wall-clock time from start to end. */
  readonly seconds: number;
  /** User and system time of the program and all that it started and waited for; in hundredths. */
  readonly cpuSeconds: number;
  /** Largest resident set of any process of the tree, 0 where `/proc` does not exist (macOS). */
  readonly peakBytes: number;
  readonly stdout: string;
}

const pollMs = 50;

/** Runs a program to its end, one at a time, or their CPU times add up. Rejects when it does not exit with 0; the error ends with what it wrote to stderr. */
export async function measureProcess(
  command: string,
  args: readonly string[],
  options: { readonly input?: string; readonly cwd?: string } = {},
): Promise<MeasuredProcess> {
  const startedAt = performance.now();
  const cpuBefore = endedChildrenCpuSeconds();
  const child = spawn(command, args, { cwd: options.cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-4000);
  });
  child.stdin.on('error', () => {}); // a program that ends before reading everything reports it by its exit code
  child.stdin.end(options.input ?? '');
  let peakBytes = 0;
  const poll = setInterval(() => {
    // The kernel keeps each process's own high-water mark, so that polling misses only the growth of the last moments.
    peakBytes = Math.max(peakBytes, ...processTree(child.pid ?? 0).map(peakResidentBytes));
  }, pollMs);
  try {
    const code = await new Promise<number | string>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exit, signal) => resolve(exit ?? signal ?? 'unknown'));
    });
    const seconds = (performance.now() - startedAt) / 1000;
    if (code !== 0)
      throw new Error(`cannot run "${command} ${args.join(' ').slice(0, 200)}": it ended with ${code}; ${stderr}`);
    return { seconds, cpuSeconds: endedChildrenCpuSeconds() - cpuBefore, peakBytes, stdout };
  } finally {
    clearInterval(poll);
  }
}

/** `VmHWM` of a running process, bytes; 0 when it has ended or the system has no `/proc`. */
export function peakResidentBytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
