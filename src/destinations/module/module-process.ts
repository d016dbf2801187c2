import { type ChildProcess, spawn } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Duplex, Readable } from 'node:stream';
import { builtProgram } from '../../engine/built-program.ts';
import { withDeadline } from '../../waiting/deadline.ts';
import { withOwnAbort } from '../../waiting/own-abort.ts';
import {
  type ModuleAnswer,
  type ModuleCall,
  type ModuleRequest,
  type ModuleStart,
  moduleChannels,
} from './messages.ts';
import { tellOutput } from './tell-output.ts';
import type { FailedRow } from './user-module.ts';

export interface ModuleProcessOptions extends ModuleStart {
  readonly environment: Readonly<Record<string, string>>;
  /** For the code of the user. */
  readonly options: Readonly<Record<string, unknown>>;
  /** For each call. */
  readonly timeoutMs: number;
  /** Receives what the module prints. */
  readonly tell: (text: string) => void;
}

/** Why a call failed, with a remedy. */
export class ModuleFault extends Error {}

/** For what Node.js needs before it runs the code of the user. */
const startMs = 30_000;
/** How long a call may continue after its signal has aborted. */
const graceMs = 1_000;
/** For the last call. */
const closeMs = 5_000;
/** Of the memory; the rest is for what is not in V8's heap, such as buffers and the code itself. */
const heapShare = 0.75;
const noRows: Buffer = Buffer.alloc(0);

type CallAnswer = Exclude<ModuleAnswer, { end: unknown }>;

/** A process that runs the code of a user. It ends with this one, and what it has started ends with it. */
export class ModuleProcess {
  readonly #options: ModuleProcessOptions;
  readonly #child: ChildProcess;
  readonly #calls: Duplex;
  readonly #ended: Promise<void>;
  #settle: ((outcome: CallAnswer) => void) | undefined;
  /** Why it ends. */
  #reason: string | undefined;
  #isClosing = false;
  #hasEnded = false;

  private constructor(options: ModuleProcessOptions) {
    this.#options = options;
    this.#child = startProcess(options);
    const { path, maxMemory, tell } = options;
    const { stdio, stdout, stderr } = this.#child;
    this.#calls = stdio[moduleChannels.calls] as Duplex;
    const life = stdio[moduleChannels.life] as Duplex;
    // Whether somebody still listens shows when it ends.
    for (const pipe of [this.#calls, life]) pipe.on('error', () => {});
    for (const output of [stdout, stderr]) tellOutput(output as Readable, basename(path), tell);
    life.on('data', () => {
      this.#reason ??= `it used more than ${Math.round(maxMemory / 1e6)} MB; see what it keeps, or raise maxMemory`;
    });
    const answers = createInterface({ input: this.#calls });
    answers.on('error', () => {}).on('line', (line) => this.#hear(JSON.parse(line)));
    this.#ended = new Promise((resolve) => {
      const end = (reason: string) => {
        this.#hasEnded = true;
        if (this.#settle) this.#settle({ fault: reason });
        else if (!this.#isClosing) tell(`${basename(path)} is started again when rows come: ${reason}`);
        killGroup(this.#child);
        resolve();
      };
      this.#child.once('error', ({ message }) =>
        end(`its process does not start (${message}); see whether its folder is there`),
      );
      this.#child.once('exit', (code, signal) => end(this.#reason ?? explainEnd(code, signal)));
    });
  }

  /** @throws ModuleFault when the module cannot be loaded or opened; the reason of the signal */
  static async start(options: ModuleProcessOptions, signal: AbortSignal): Promise<ModuleProcess> {
    const started = new ModuleProcess(options);
    try {
      await withOwnAbort(signal, (own) => started.#untilAnswered('its start', startMs, own.signal));
      await started.ask({ call: 'open', options: options.options }, signal);
      return started;
    } catch (cause) {
      await started.close();
      throw cause;
    }
  }

  /** Whether no call is possible any more. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /**
   * Only one call at a time.
   * @returns rows that are not taken
   * @throws ModuleFault when the call fails; the reason of the signal when it aborts, and only {@link close} may follow then
   */
  async ask(call: ModuleCall, signal: AbortSignal, rows?: Buffer): Promise<readonly FailedRow[]> {
    const { timeoutMs } = this.#options;
    return withOwnAbort(signal, async (own) => {
      own.signal.throwIfAborted();
      this.#send(call, timeoutMs, rows);
      return this.#untilAnswered(call.call, timeoutMs, own.signal);
    });
  }

  /** Lets the module finish; kills it when that takes too long. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (!this.#hasEnded) this.#send({ call: 'close' }, closeMs);
    const onLate = () => this.kill('it does not close');
    await withDeadline(this.#ended, { afterMs: closeMs, onLate });
    await this.#ended;
  }

  kill(reason: string): void {
    this.#reason ??= reason;
    killGroup(this.#child);
  }

  async #untilAnswered(what: string, limitMs: number, signal: AbortSignal): Promise<readonly FailedRow[]> {
    const onLate = () =>
      this.kill(`${what} took longer than ${limitMs / 1000} s; see what it waits for, or raise timeout`);
    const timer = setTimeout(onLate, limitMs + graceMs);
    try {
      const answer = await new Promise<CallAnswer>((resolve, reject) => {
        this.#settle = resolve;
        signal.addEventListener('abort', () => {
          this.#send({ call: 'abort' });
          reject(signal.reason);
        });
      });
      if ('fault' in answer) throw new ModuleFault(answer.fault);
      return answer.failed;
    } finally {
      clearTimeout(timer);
      this.#settle = undefined;
    }
  }

  #send(call: ModuleCall, timeoutMs = 0, rows = noRows): void {
    const request: ModuleRequest = { ...call, timeoutMs, bytes: rows.length };
    this.#calls.write(`${JSON.stringify(request)}\n`);
    if (rows.length > 0) this.#calls.write(rows);
  }

  #hear(answer: ModuleAnswer): void {
    if ('end' in answer) this.#reason ??= answer.end;
    else this.#settle?.(answer);
  }
}

function startProcess({ path, maxMemory, environment }: ModuleProcessOptions): ChildProcess {
  const start: ModuleStart = { path, maxMemory };
  const heap = `--max-old-space-size=${Math.floor((maxMemory * heapShare) / 1024 ** 2)}`;
  const main = join(builtProgram, 'destinations/module/process/main.js');
  return spawn(process.execPath, [heap, main, JSON.stringify(start)], {
    cwd: dirname(path),
    env: environment,
    // A group of its own: the terminal does not stop it, and all of it can be killed.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
  });
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended, with all that it started.
  }
}

function explainEnd(code: number | null, signal: string | null): string {
  if (signal === 'SIGABRT') return 'its heap is full (SIGABRT); see what it keeps, or raise maxMemory';
  const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
  return `its process ended ${how}; see what ends it`;
}
