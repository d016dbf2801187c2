import { createHash } from 'node:crypto';
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { LoadedConfig } from '../config/load-config.ts';

export interface ConfigWatch {
  /** Stops watching; no callback runs after that. */
  close(): void;
}

export interface ConfigListeners {
  /** The file changed and is valid. */
  changed(next: LoadedConfig): void | Promise<void>;
  /** The file changed and is invalid: the previous configuration stays in force. Called once for each such text. */
  rejected(error: unknown): void;
}

export interface WatchPace {
  /** Polling interval. */
  readonly pollMs: number;
  /** How long the text must stay the same, since an editor may be in the middle of writing it. */
  readonly settleMs: number;
}

/**
 * Watches a configuration file for changes to its current text; SIGHUP reloads even without a change. The file is
 * polled by name, so replacing it by rename, symbolic links, and file systems without events all work.
 *
 * @param file absolute; it may disappear and come back
 * @param load must name the file: without a name, a default file that is missing for a moment would mean the defaults
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
  // One at a time: the next reload must not overtake a slow one.
  const enqueue = (isAsked: boolean) => {
    looks = looks.then(() => look(isAsked)).catch((error: unknown) => on.rejected(error));
  };
  const onChange = () => enqueue(false);
  const onSignal = () => enqueue(true);

  watchFile(file, { interval: pollMs, persistent: false }, onChange);
  process.on('SIGHUP', onSignal);
  // watchFile misses a change made before its first poll.
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

/** Empty when the file cannot be read; saving the same text again is not a change. */
function digestOf(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return '';
  }
}
