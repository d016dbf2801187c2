/**
 * Tag for SQL that users read: removes the indentation of the surrounding program, and indents an inserted fragment of
 * several lines to the column where it starts. Inserts SQL fragments only; values are bound as `{name:Type}`.
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
