/** RE2 and JavaScript: an escape sequence that sets the colour or the weight of what follows on a terminal. */
export const colourPattern = String.raw`\x1b\[[0-9;]*m`;

const colours = new RegExp(colourPattern, 'g');

/** A line without the colours that a program wrote for a terminal, in which its shape is recognised. */
export function withoutColours(line: string): string {
  return line.includes('\u001b') ? line.replaceAll(colours, '') : line;
}
