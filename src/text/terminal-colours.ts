// biome-ignore lint/suspicious/noControlCharactersInRegex: what it looks for begins with one
const colours = /\x1b\[[0-9;]*m/g;

/** RE2 of an escape sequence that sets the colour or the weight of what follows on a terminal. */
export const colourPattern = colours.source;

/** A line without the colours that a program wrote for a terminal, in which its shape is recognised. */
export function withoutColours(line: string): string {
  return line.includes('\u001b') ? line.replaceAll(colours, '') : line;
}
