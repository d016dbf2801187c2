import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { builtProgram } from '../built-program.ts';
import { readClickhouseException } from '../clickhouse-exception.ts';
import { cancelled, closedEngine, EngineError } from '../engine-error.ts';
import { takeEarly } from './early-process.ts';
import type { ChildMessage, Job, OpenMessage, OpenPaths, ParentMessage } from './engine-messages.ts';
import { forkEngine } from './fork-engine.ts';

/** How long a statement may continue after it was stopped before the process is killed: some calls ignore a stop. */
const stopGraceMs = 5_000;
/** Backoff between restarts, in order; the last one repeats. */
const restartDelaysMs = [0, 200, 1_000, 5_000];
/** The process of a killed program may hold the directory briefly after the program. */
const lockedRetryMs = 100;
const lockedAttempts = 100;
const keptErrorChars = 2_000;
/** How long a job waits for an engine to start. */
const maxRestartWaitMs = 30_000;

export interface EngineProcessOptions {
  readonly paths: OpenPaths;
  readonly open: Omit<OpenMessage['open'], 'paths' | 'threads'>;
  /** Threads for concurrent statements. */
  readonly threads: number;
  /** Called with its standard error output and with its state changes. */
  readonly onOutput: (text: string) => void;
  /** Called when it runs again after it ended, before any job. */
  readonly onRestarted: () => void;
}

interface Running {
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: EngineError) => void;
}

/**
 * The engine in its own process: it can be killed without losing acknowledged data, and has fewer rights
 * than this process (`process/os-walls.cts`). When it ends unexpectedly, jobs in flight fail as retryable and it is
 * restarted; new jobs wait for the restart.
 */
export class EngineProcess {
  readonly #options: EngineProcessOptions;
  readonly #running = new Map<number, Running>();
  #lastId = 0;
  #child: ChildProcess | undefined;
  #missingWalls: readonly string[] = [];
  #restarting: Promise<void> | undefined;
  #lastError = '';
  #isClosed = false;

  private constructor(options: EngineProcessOptions) {
    this.#options = options;
  }

  /** @throws EngineError `TAILRACE_STORE_UNAVAILABLE` with the engine's message */
  static async start(options: EngineProcessOptions): Promise<EngineProcess> {
    const engine = new EngineProcess(options);
    for (let attempt = 1; ; attempt++) {
      try {
        await engine.#start();
        return engine;
      } catch (error) {
        if (attempt >= lockedAttempts || !/Cannot lock file/.test(engine.#lastError)) throw error;
        await pause(lockedRetryMs);
      }
    }
  }

  /** The operating system walls that could not be built; see `process/os-walls.cts`. */
  get missingWalls(): readonly string[] {
    return this.#missingWalls;
  }

  /**
   * Runs a job and returns the bytes of its answer. When the signal aborts, its statement is stopped; if that does not
   * help, the process is killed.
   *
   * @param onUnstoppable called when the process is killed because of this job
   * @throws EngineError of the engine; `TAILRACE_QUERY_CANCELLED` when aborted; `TAILRACE_STORE_UNAVAILABLE`, retryable,
   *   when the process ended
   */
  async run(job: Job, signal?: AbortSignal, onUnstoppable?: () => void): Promise<Uint8Array> {
    if (this.#restarting) await this.#untilRestarted(this.#restarting, signal);
    if (signal?.aborted) throw cancelled(signal.reason);
    if (this.#isClosed) throw closedEngine();
    const id = ++this.#lastId;
    const answer = new Promise<Uint8Array>((resolve, reject) => this.#running.set(id, { resolve, reject }));
    this.#send({ id, job });
    let grace: NodeJS.Timeout | undefined;
    const stop = () => {
      this.#send({ cancel: id });
      grace = setTimeout(() => {
        onUnstoppable?.();
        this.#kill('a statement could not be stopped');
      }, stopGraceMs);
    };
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const bytes = await answer;
      // A stopped statement may end without an error and with a partial answer.
      signal?.throwIfAborted();
      return bytes;
    } catch (error) {
      throw signal?.aborted ? cancelled(signal.reason) : error;
    } finally {
      this.#running.delete(id);
      signal?.removeEventListener('abort', stop);
      clearTimeout(grace);
    }
  }

  /** Ends the process; no job may be in flight. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#restarting) this.#child?.kill('SIGKILL');
    await this.#restarting;
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    this.#send({ close: true });
    await ended;
  }

  async #untilRestarted(restarting: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
    const waited = AbortSignal.timeout(maxRestartWaitMs);
    const ended = signal ? AbortSignal.any([signal, waited]) : waited;
    await Promise.race([restarting, once(ended, 'abort')]);
    if (waited.aborted) throw unavailable('the engine does not start; correct what its log says, it is tried again');
  }

  #kill(reason: string): void {
    if (this.#child?.killed) return;
    this.#options.onOutput(`the engine is started again: ${reason}`);
    this.#child?.kill('SIGKILL');
  }

  #send(message: ParentMessage): void {
    // A child that has just ended accepts no message; its end is handled elsewhere.
    if (this.#child?.connected) this.#child.send(message, () => {});
  }

  async #start(): Promise<void> {
    const child = takeEarly() ?? forkEngine();
    this.#child = child;
    this.#lastError = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastError = (this.#lastError + text).slice(-keptErrorChars);
    });
    const ready = new Promise<readonly string[]>((resolve, reject) => {
      child.on('message', (message) => {
        const told = message as ChildMessage;
        if ('ready' in told) resolve(told.ready.missingWalls);
        else if ('failed' in told) reject(readClickhouseException(told.failed, new Error(told.failed)));
        else this.#settle(told);
      });
      child.once('error', reject);
      child.once('exit', (code, signal) => reject(this.#ended(code, signal, this.#lastWords())));
    });
    const closed = new Promise((resolve) => child.once('close', resolve));
    const { open, paths, threads } = this.#options;
    const read = [...ownPaths, ...paths.read];
    this.#send({ open: { ...open, threads, paths: { read, write: ['/dev/null', ...paths.write] } } });
    try {
      this.#missingWalls = await ready;
    } catch (error) {
      child.kill('SIGKILL');
      // Its reason is in its standard error output, which may come later than the message that it failed.
      if (child.pid !== undefined) await closed;
      throw error;
    }
    child.once('exit', (code, signal) => this.#afterExit(this.#ended(code, signal)));
  }

  #settle(answer: Extract<ChildMessage, { id: number }>): void {
    const job = this.#running.get(answer.id);
    if ('bytes' in answer) job?.resolve(answer.bytes);
    else job?.reject(readClickhouseException(answer.error, new Error(answer.error)));
  }

  #afterExit(error: EngineError): void {
    for (const { reject } of this.#running.values()) reject(error);
    if (this.#isClosed) return;
    this.#options.onOutput(`${error.message}${this.#lastWords()}`);
    this.#restarting ??= this.#restart().finally(() => {
      this.#restarting = undefined;
    });
  }

  /** Retries until it runs or is closed. */
  async #restart(): Promise<void> {
    for (let attempt = 0; !this.#isClosed; attempt++) {
      await pause(restartDelaysMs[Math.min(attempt, restartDelaysMs.length - 1)] ?? 0);
      try {
        await this.#start();
        this.#options.onRestarted();
        return;
      } catch (error) {
        this.#options.onOutput(error instanceof Error ? error.message : String(error));
      }
    }
  }

  #ended(code: number | null, signal: string | null, words = ''): EngineError {
    const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
    return unavailable(`the engine's process ended ${how}${words}`);
  }

  /** Its standard error output: for the log, not for HTTP clients, because it may contain details of this machine. */
  #lastWords(): string {
    return this.#lastError === '' ? '' : `; its last words: ${this.#lastError.trim()}`;
  }
}

function unavailable(reason: string): EngineError {
  return new EngineError('TAILRACE_STORE_UNAVAILABLE', `cannot use the store: ${reason}`, { retryable: true });
}

/** Paths that the engine and Node read at runtime. */
const ownPaths = [
  builtProgram,
  join(builtProgram, '../package.json'),
  '/usr/share/zoneinfo',
  '/etc/localtime',
  '/proc/self',
  '/proc/meminfo',
  '/proc/cpuinfo',
  '/sys/fs/cgroup',
  '/sys/devices/system/cpu',
  '/sys/devices/system/node',
  '/dev/urandom',
];

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
