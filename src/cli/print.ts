import { safeLine, safeText } from './terminal-text.ts';

/** Prints lines on standard output. A newline within one is shown as such: nobody's text begins a line of ours. */
export function print(...lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${safeLine(line)}\n`).join(''));
}

/** Tells people something on standard error. What goes on over more lines is set in, for the same reason. */
export function tell(message: string): void {
  process.stderr.write(`${safeText(message).replace(/\n(?=.)/g, '\n  ')}\n`);
}

/** Writes over the last line of standard error, which must be a terminal; nothing clears it. */
export function redraw(line = ''): void {
  process.stderr.write(`\r\u001b[2K${safeLine(line)}`);
}
