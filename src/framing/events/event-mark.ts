/**
 * Replaces a newline in a joined line: an overlong two-byte newline, which is invalid UTF-8. Starting a line it means
 * that the event began in lines that were stored earlier.
 */
export const eventMark = Buffer.from([0xc0, 0x8a]);

/** The same as an SQL text. */
export const eventMarkLiteral = "'\\xC0\\x8A'";

/** SQL: a text with its newlines. */
export function withNewlines(text: string): string {
  return `replaceAll(${text}, ${eventMarkLiteral}, '\\n')`;
}
