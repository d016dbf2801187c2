import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { answerRows } from './answer-rows.ts';

/** The built program, as users run it. */
export const programPath = fileURLToPath(new URL('../../dist/cli/tailrace.cjs', import.meta.url));

export interface ProgramOptions {
  readonly cwd?: string;
  readonly stdin?: string | Uint8Array;
  /** A program and its arguments that start the real one, e.g. `setpriv --bounding-set=-all`. */
  readonly wrapper?: readonly string[];
}

export interface ProgramEnd {
  /** The exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartedProgram {
  readonly pid: number;
  readonly ended: Promise<ProgramEnd>;
  kill(signal: NodeJS.Signals): void;
  /** Its standard output, as soon as the pattern matches. Rejects when the program ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** The same for standard error. */
  warns(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Starts `tailrace …`; the caller must await `ended`. */
export function startProgram(args: readonly string[], options: ProgramOptions = {}): StartedProgram {
  if (!existsSync(programPath)) throw new Error(`cannot run "${programPath}": it is not built; run npm run build`);
  const [command = '', ...words] = [...(options.wrapper ?? []), process.execPath, programPath, ...args];
  const child = spawn(command, words, { cwd: options.cwd, stdio: 'pipe', env: ownEnvironment() });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  child.stdin.on('error', () => {}); // it may end before it has read everything
  child.stdin.end(options.stdin ?? '');
  const ended = new Promise<ProgramEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...output }));
  });
  ended.catch(() => {}); // handled where it is awaited
  return {
    pid: child.pid ?? 0,
    ended,
    kill: (signal) => void child.kill(signal),
    says: (pattern) => waitForOutput(child, 'stdout', () => output, pattern),
    warns: (pattern) => waitForOutput(child, 'stderr', () => output, pattern),
  };
}

/** Runs `tailrace …` to its end. */
export function runProgram(args: readonly string[], options: ProgramOptions = {}): Promise<ProgramEnd> {
  return startProgram(args, options).ended;
}

/** Runs `tailrace query` and returns its rows. Throws what the program wrote when it failed. */
export async function queryStore<T>(store: string, sql: string): Promise<T[]> {
  const { code, stdout, stderr } = await runProgram(['query', '--store', store, '--output', 'json', sql]);
  if (code !== 0) throw new Error(`cannot query "${sql}": it ended with ${code}; ${stderr}`);
  return answerRows(stdout);
}

function waitForOutput(
  child: ChildProcess,
  name: 'stdout' | 'stderr',
  output: () => { stdout: string; stderr: string },
  pattern: RegExp,
): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const found = pattern.exec(output()[name]);
      if (found) resolve(found);
    };
    look();
    child[name]?.on('data', look);
    child.once('close', (code) => {
      reject(new Error(`cannot see ${pattern} in its output: it ended with ${code}; ${output().stderr}`));
    });
  });
}

/** Without variables that the developer has set for their own store. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const { TAILRACE_STORE: _store, TAILRACE_DEBUG: _debug, TAILRACE_TOKEN: _token, ...environment } = process.env;
  return environment;
}
