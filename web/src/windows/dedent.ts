/** SQL without the indentation that lines after the first have from the configuration. */
export function dedent(sql: string): string {
  const [first = '', ...rest] = sql.trim().split('\n');
  const depth = Math.min(...rest.filter((line) => line.trim()).map((line) => line.length - line.trimStart().length));
  return [first, ...rest.map((line) => line.slice(depth))].join('\n');
}
