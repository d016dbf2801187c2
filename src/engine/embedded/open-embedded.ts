import { mkdirSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Engine, EngineOptions } from '../engine.ts';
import { EngineError } from '../engine-error.ts';
import { shareMemory } from '../memory-budget.ts';
import { AnswerFiles } from './answer-file.ts';
import { lockDirectory } from './directory-lock.ts';
import { EmbeddedEngine } from './embedded-engine.ts';
import { writeEngineConfiguration } from './engine-configuration.ts';
import { type LaneCounts, laneSettings, lanesToOpen } from './engine-lanes.ts';
import { EngineProcess } from './engine-process.ts';
import { JobSlots } from './job-slots.ts';
import { makePrivateStore } from './private-store.ts';
import { openScratchDirectory } from './scratch-directory.ts';
import { UnstoppableQuestions } from './unstoppable-questions.ts';

let openDirectory: string | undefined;

const laneCounts: LaneCounts = { write: 2, read: 3, judge: 2, ask: 2 };
/** One thread stops statements, one serves the engine's process itself. */
const spareThreads = 2;
const maxWaitingQuestions = 200;
const maxQuestionWaitMs = 30_000;

/**
 * Opens a data directory with its own engine; creates the directory if missing.
 *
 * @throws EngineError `TAILRACE_STORE_LOCKED`, `TAILRACE_STORE_UNAVAILABLE`
 */
export async function openEmbedded(directory: string, options: EngineOptions): Promise<Engine> {
  const store = resolve(directory);
  if (openDirectory !== undefined && openDirectory !== store) {
    throw unavailable(
      store,
      `this process has "${openDirectory}" open, and one process opens one store`,
      'close that one first',
    );
  }
  const unlock = prepareDirectory(store, options.onEngineEvent);
  openDirectory = store;
  const release = () => {
    openDirectory = undefined;
    unlock();
  };
  try {
    return await startEngine(store, options, release);
  } catch (cause) {
    release();
    if (cause instanceof EngineError && cause.code !== 'TAILRACE_QUERY_FAILED') throw cause;
    throw unavailable(
      store,
      `the engine could not open it (${cause instanceof Error ? cause.message : String(cause)})`,
      'see what it wrote to standard error; another process may have it open',
      cause,
    );
  }
}

async function startEngine(store: string, options: EngineOptions, release: () => void): Promise<Engine> {
  const counts = { ...laneCounts, ...(options.readers === undefined ? {} : { read: options.readers }) };
  const memory = shareMemory(counts.ask);
  const limits = { ...options.limits, maxMemoryBytes: Math.min(options.limits.maxMemoryBytes, memory.questionBytes) };
  const settings = laneSettings({
    limits,
    insertBytes: memory.insertBytes,
    isBrief: options.task === 'question' || options.task === 'few lines',
  });
  const copies = join(store, 'scratch');
  const links = openScratchDirectory(copies);
  const answers = join(store, 'answers');
  const answerFiles = new AnswerFiles(answers, 2 * limits.maxMemoryBytes);
  const configuration = writeEngineConfiguration(store, {
    maxMemoryBytes: memory.engineBytes,
    ...(options.task ? { task: options.task } : {}),
  });
  const data = join(store, 'clickhouse');
  mkdirSync(copies, { recursive: true, mode: 0o700 });
  if (options.fillNew && readdirSync(data).length === 0) {
    // Under another name first: a folder that is half filled would be a damaged store.
    const draft = join(copies, 'new');
    mkdirSync(draft, { mode: 0o700 });
    options.fillNew(draft);
    renameSync(draft, data);
  }
  const unstoppable = new UnstoppableQuestions();
  const lake = options.lakeFolder === undefined ? [] : makeLakeFolders(options.lakeFolder);
  options.remoteLake?.prepare();
  const remote = options.remoteLake ? [options.remoteLake.folder] : [];
  const readable = [links, copies, join(store, 'spool'), ...lake, ...remote, ...(options.readable ?? [])].map(realPath);
  const engine = await EngineProcess.start({
    paths: {
      read: [...configuration.map(realPath), ...readable],
      write: [data, answers].map(realPath),
    },
    open: {
      directory: data,
      connectionArgs: [`--config-file=${configuration[0]}`],
      lanes: lanesToOpen(settings),
      lowersMerges: options.task !== 'deletion',
    },
    threads: Object.values(counts).reduce((sum, count) => sum + count, spareThreads),
    onOutput: options.onEngineEvent ?? (() => {}),
    onRestarted: () => unstoppable.restarted(),
  });
  const questions = { maxWaiting: maxWaitingQuestions, maxWaitMs: maxQuestionWaitMs };
  const ask = new JobSlots({ count: counts.ask, ...questions });
  const opened = EmbeddedEngine.open({
    store,
    ...(options.lakeFolder === undefined ? {} : { lakeFolder: options.lakeFolder }),
    ...(options.remoteLake ? { remoteLake: options.remoteLake } : {}),
    process: engine,
    slots: {
      write: new JobSlots({ count: counts.write }),
      read: new JobSlots({ count: counts.read }),
      judge: new JobSlots({ count: counts.judge, ...questions }),
      ask,
    },
    settings,
    limits,
    answers: answerFiles,
    unstoppable,
    inputs: { links, copies, readable },
    release: () => {
      for (const path of [links, copies, answers]) rmSync(path, { recursive: true, force: true });
      release();
    },
  });
  return opened.catch(async (error: unknown) => {
    await engine.close();
    throw error;
  });
}

/** What the engine may read of a lake; the walls of the operating system are built for what is there when it starts. */
function makeLakeFolders(lake: string): string[] {
  const folders = ['requests', 'logs'].map((table) => join(lake, table));
  try {
    for (const folder of folders) mkdirSync(folder, { recursive: true });
  } catch {
    // Questions about it tell that nothing is there; what writes the lake tells why.
  }
  return folders;
}

/** The operating system walls apply to resolved paths. A path that does not exist yet is left unchanged. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Creates the directory, for its owner only, and locks it. */
function prepareDirectory(store: string, tell?: (text: string) => void): () => void {
  try {
    const wasOpen = makePrivateStore(store);
    if (wasOpen !== undefined) tell?.(wasOpen);
    return lockDirectory(store);
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'EEXIST' || code === 'ENOTDIR') throw unavailable(store, 'it is a file', 'name a directory', cause);
    if (code === 'EACCES' || code === 'EPERM')
      throw unavailable(store, 'permission denied', 'correct its rights or name another directory', cause);
    if (code === 'EROFS') throw unavailable(store, 'its file system is read-only', 'name another directory', cause);
    if (code === 'ENOSPC') {
      throw new EngineError(
        'TAILRACE_DISK_FULL',
        `cannot open the store "${store}": no space is left on the disk; free some`,
        { cause, retryable: true },
      );
    }
    throw unavailable(store, String(cause), 'name another directory', cause);
  }
}

function unavailable(store: string, reason: string, remedy: string, cause?: unknown): EngineError {
  return new EngineError('TAILRACE_STORE_UNAVAILABLE', `cannot open the store "${store}": ${reason}; ${remedy}`, {
    cause,
  });
}
