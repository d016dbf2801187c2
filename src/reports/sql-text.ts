/**
 * Tag for SQL that people will read: takes away the indentation that the text has only because it stands in a program,
 * and lets an inserted fragment of several lines continue at the column where it begins. Inserts fragments of SQL only;
 * values are bound as `{name:Type}`.
 */
export function sql(parts: TemplateStringsArray, ...fragments: readonly string[]): string {
  let text = parts[0] ?? '';
  for (const [index, fragment] of fragments.entries()) {
    const column = text.length - (text.lastIndexOf('\n') + 1);
    const indent = ' '.repeat(Math.min(column, leadingSpaces(text.slice(text.lastIndexOf('\n') + 1))));
    text += fragment.replaceAll('\n', `\n${indent}`) + (parts[index + 1] ?? '');
  }
  const lines = text
    .replace(/^\s*\n/, '')
    .trimEnd()
    .split('\n');
  const depth = Math.min(...lines.filter((line) => line.trim() !== '').map(leadingSpaces));
  return lines.map((line) => line.slice(Math.min(depth, leadingSpaces(line)))).join('\n');
}

function leadingSpaces(line: string): number {
  return line.length - line.trimStart().length;
}
