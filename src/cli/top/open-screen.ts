import type { Size } from './render-top.ts';

/** The parts of `process.stdout` that are used. */
export interface TerminalOutput {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string): unknown;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

/** The parts of `process.stdin` that are used. */
export interface TerminalInput {
  readonly isTTY?: boolean | undefined;
  setRawMode?(isRaw: boolean): unknown;
  on(event: 'data', listener: (data: Buffer) => void): unknown;
  off(event: 'data', listener: (data: Buffer) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

export interface Screen {
  size(): Size;
  draw(lines: readonly string[]): void;
  /** Restores the terminal. Idempotent. */
  close(): void;
}

/** Switch to the alternate screen, without cursor and line wrap; and back. */
const enter = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const leave = '\u001b[?7h\u001b[?25h\u001b[?1049l';
/** Synchronized output: a terminal that supports it shows only complete frames; others ignore it. */
const [holdBack, letGo] = ['\u001b[?2026h', '\u001b[?2026l'];
const [home, clearLine, clearBelow] = ['\u001b[H', '\u001b[K', '\u001b[J'];

/** Takes over the terminal until it is closed, or the process ends for any reason. */
export function openScreen(
  { input, output }: { readonly input: TerminalInput; readonly output: TerminalOutput },
  { onKey, onResize }: { readonly onKey: (key: string) => void; readonly onResize: () => void },
): Screen {
  const read = (data: Buffer) => {
    for (const key of data.toString()) onKey(key);
  };
  let isOpen = true;
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    process.off('exit', close);
    output.off('resize', onResize);
    input.off('data', read);
    if (input.isTTY) {
      input.setRawMode?.(false);
      input.pause();
    }
    output.write(leave);
  };
  process.on('exit', close);
  output.on('resize', onResize);
  if (input.isTTY) {
    input.setRawMode?.(true);
    input.on('data', read);
    input.resume();
  }
  output.write(enter);
  return {
    size: () => ({ columns: output.columns ?? 80, rows: output.rows ?? 24 }),
    draw(lines) {
      // Drawn over the previous frame, since clearing the screen would flicker.
      const frame = lines.map((line) => line + clearLine).join('\r\n');
      if (isOpen) output.write(`${holdBack}${home}${frame}${clearBelow}${letGo}`);
    },
    close,
  };
}
