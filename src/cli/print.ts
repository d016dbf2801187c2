import { safeLine, safeText } from './terminal-text.ts';

/** Prints lines on standard output. A newline within one is escaped, so that logged text cannot forge an output line. */
export function print(...lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${safeLine(line)}\n`).join(''));
}

/** Prints a message on standard error. Its further lines are indented, for the same reason. */
export function tell(message: string): void {
  process.stderr.write(`${safeText(message).replace(/\n(?=.)/g, '\n  ')}\n`);
}

/** Overwrites the last line of standard error, which must be a terminal; an empty text clears it. */
export function redraw(line = ''): void {
  process.stderr.write(`\r\u001b[2K${safeLine(line)}`);
}
