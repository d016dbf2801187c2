/**
 * Stands in a joined line where a newline was: the newline in two bytes, which no valid UTF-8 has. In front of a line it says
 * that the event began in lines that were stored before.
 */
export const eventMark = Buffer.from([0xc0, 0x8a]);

/** The same as an SQL text. */
export const eventMarkLiteral = "'\\xC0\\x8A'";

/** SQL: a text with its newlines. */
export function withNewlines(text: string): string {
  return `replaceAll(${text}, ${eventMarkLiteral}, '\\n')`;
}
