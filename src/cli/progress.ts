import type { FilesProgress } from '../sources/files/user-files.ts';
import { redraw, tell } from './print.ts';
import { printBytes } from './quantity-text.ts';

export interface Progress {
  update(progress: FilesProgress): void;
  end(): void;
}

const barWidth = 24;
const plainEveryMs = 5000;

/** On standard error: a bar on a terminal, a plain line every few seconds elsewhere. */
export function createProgress(totalBytes: number): Progress {
  const started = performance.now();
  const terminal = process.stderr.isTTY === true;
  let printedMs = Number.NEGATIVE_INFINITY;
  return {
    update(progress) {
      const elapsedMs = performance.now() - started;
      const text = progressLine(progress, totalBytes, elapsedMs);
      if (terminal) redraw(`${bar(progress.bytes / Math.max(1, totalBytes))} ${text}`);
      else if (elapsedMs - printedMs >= plainEveryMs) tell(text);
      else return;
      printedMs = elapsedMs;
    },
    end() {
      if (terminal && printedMs > 0) redraw();
    },
  };
}

/** Reports the progress of a file search, unless it is short. */
export function createSearchProgress(): { found(folders: number): void; end(): void } {
  const terminal = process.stderr.isTTY === true;
  const everyMs = terminal ? 200 : plainEveryMs;
  const started = performance.now();
  let printedMs = started;
  let searched = 0;
  const text = () => `${searched.toLocaleString('en')} folders searched for files`;
  return {
    found(folders) {
      searched = folders;
      if (performance.now() - printedMs < everyMs) return;
      printedMs = performance.now();
      if (terminal) redraw(text());
      else tell(text());
    },
    end() {
      if (printedMs === started) return;
      if (terminal) redraw();
      tell(text());
    },
  };
}

/** E.g. `42 % of 1.2 GB, 410,000 rows/s, 0:35 left`. */
export function progressLine(progress: FilesProgress, totalBytes: number, elapsedMs: number): string {
  const share = Math.min(1, progress.bytes / Math.max(1, totalBytes));
  const rate = Math.round(progress.rows / Math.max(0.001, elapsedMs / 1000));
  const leftSeconds = share > 0 ? Math.round((elapsedMs / 1000) * (1 / share - 1)) : 0;
  const left = `${Math.floor(leftSeconds / 60)}:${String(leftSeconds % 60).padStart(2, '0')} left`;
  return `${Math.round(share * 100)} % of ${printBytes(totalBytes)}, ${rate.toLocaleString('en')} rows/s, ${left}`;
}

function bar(share: number): string {
  const filled = Math.round(Math.min(1, share) * barWidth);
  return `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`;
}
