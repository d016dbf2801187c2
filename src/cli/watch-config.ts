import { createHash } from 'node:crypto';
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { LoadedConfig } from '../config/load-config.ts';

export interface ConfigWatch {
  /** Ends it; nobody is told anything any more. */
  close(): void;
}

export interface ConfigListeners {
  /** The file says something else, and is right. */
  changed(next: LoadedConfig): void | Promise<void>;
  /** The file says something else, and cannot be used: what held before goes on. Told once for each such text. */
  rejected(error: unknown): void;
}

export interface WatchPace {
  /** How often the file is looked at. */
  readonly pollMs: number;
  /** How long the text must stay the same: somebody may be in the middle of writing it. */
  readonly settleMs: number;
}

/**
 * Tells of changes of a configuration file, from the text on that it has now; SIGHUP tells even without a change. It is
 * looked at by name, so that it may be replaced by rename, behind a symbolic link, and on file systems without events.
 *
 * @param file absolute; it may go away and come back
 * @param load must name the file: the usual one that is gone for a moment would mean the defaults
 */
export function watchConfig(
  file: string,
  load: () => Promise<LoadedConfig>,
  on: ConfigListeners,
  { pollMs, settleMs }: WatchPace = { pollMs: 1000, settleMs: 200 },
): ConfigWatch {
  let known = digestOf(file);
  let isClosed = false;
  let looks = Promise.resolve();

  const look = async (isAsked: boolean) => {
    const digest = isAsked ? digestOf(file) : await settledDigestOf(file, settleMs);
    if (isClosed || (digest === known && !isAsked)) return;
    known = digest;
    const next = await load().catch((error: unknown) => {
      if (!isClosed) on.rejected(error);
    });
    if (next && !isClosed) await on.changed(next);
  };
  // One after the other: a slow reload is not overtaken by the next one.
  const enqueue = (isAsked: boolean) => {
    looks = looks.then(() => look(isAsked)).catch((error: unknown) => on.rejected(error));
  };
  const onChange = () => enqueue(false);
  const onSignal = () => enqueue(true);

  watchFile(file, { interval: pollMs, persistent: false }, onChange);
  process.on('SIGHUP', onSignal);
  // A change before the file was looked at for the first time is none to watchFile.
  enqueue(false);
  return {
    close() {
      isClosed = true;
      unwatchFile(file, onChange);
      process.off('SIGHUP', onSignal);
    },
  };
}

async function settledDigestOf(file: string, settleMs: number): Promise<string> {
  for (let before = digestOf(file); ; ) {
    await delay(settleMs);
    const digest = digestOf(file);
    if (digest === before) return digest;
    before = digest;
  }
}

/** Empty when there is nothing to read; saving the same text again is no change. */
function digestOf(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return '';
  }
}
