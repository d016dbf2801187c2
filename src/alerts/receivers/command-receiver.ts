import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { SendOutcome } from '../../webhooks/send-webhook.ts';
import type { Receiver } from './receiver.ts';

export interface CommandOptions {
  /** The executable and its arguments; no shell reads them. */
  readonly command: readonly [string, ...string[]];
  readonly timeoutMs: number;
}

const mostOutput = 4096;
const shownOutput = 200;

/**
 * Runs a program with the message as JSON on its standard input. It has taken the message when it exits with 0; with 64 to
 * 78 (sysexits.h) other than 75 it never will; otherwise it is run again. It is killed with its time, and with the program.
 */
export function createCommandReceiver({ command, timeoutMs }: CommandOptions): Receiver {
  return {
    deliver: (message, signal) => run(command, JSON.stringify(message), timeoutMs, signal),
    check: () => findProgram(command[0]),
  };
}

/** As the system looks for it: a name without a slash in the folders of PATH. */
async function findProgram(file: string): Promise<readonly string[]> {
  const folders = file.includes('/') ? [''] : (process.env.PATH ?? '').split(delimiter);
  let found: NodeJS.ErrnoException = Object.assign(new Error('not found'), { code: 'ENOENT' });
  for (const folder of folders) {
    try {
      await access(join(folder, file), constants.X_OK);
      return [];
    } catch (cause) {
      const error = cause as NodeJS.ErrnoException;
      if (error.code !== 'ENOENT') found = error;
    }
  }
  const outcome = refusal(file, found);
  return [outcome?.kind === 'refused' ? outcome.reason : `cannot run "${file}": ${found.message}`];
}

function run(
  [file, ...args]: CommandOptions['command'],
  input: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<SendOutcome> {
  return new Promise((resolve, reject) => {
    let output = '';
    let isLate = false;
    // A group of its own, so that what it has started ends with it.
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    const kill = () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    };
    const timer = setTimeout(() => {
      isLate = true;
      kill();
    }, timeoutMs);
    signal.addEventListener('abort', kill, { once: true });
    const end = (outcome: SendOutcome) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', kill);
      // Children of it may hold its output open.
      child.stdout.destroy();
      child.stderr.destroy();
      if (signal.aborted) reject(signal.reason);
      else resolve(outcome);
    };
    const later = (why: string): SendOutcome => ({ kind: 'later', reason: `cannot run "${file}": ${why}` });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        if (output.length < mostOutput) output += chunk;
      });
    child.on('error', (error: NodeJS.ErrnoException) => end(refusal(file, error) ?? later(error.message)));
    child.on('exit', (code, killedBy) => {
      if (code === 0) return end({ kind: 'taken' });
      if (isLate) return end(later(`it ran for more than ${timeoutMs / 1000} s and was killed; raise timeout`));
      const line = output
        .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
        .trim()
        .slice(0, shownOutput);
      const why = `it ended with ${code ?? killedBy}${line === '' ? '' : `, "${line}"`}; see why`;
      const isFinal = code !== null && code >= 64 && code <= 78 && code !== 75;
      return end(isFinal ? { kind: 'refused', reason: `cannot run "${file}": ${why}` } : later(why));
    });
    // It may exit without reading.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

function refusal(file: string, { code }: NodeJS.ErrnoException): SendOutcome | undefined {
  const why = { ENOENT: 'there is no such program; check command', EACCES: 'it is not executable; see chmod' }[
    code ?? ''
  ];
  return why === undefined ? undefined : { kind: 'refused', reason: `cannot run "${file}": ${why}` };
}
