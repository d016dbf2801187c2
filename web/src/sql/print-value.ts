/** A value of a result as text. @param indent of nested values; 0 prints them in one line */
export function printValue(value: unknown, indent = 0): string {
  if (value === null || value === undefined) return 'NULL';
  return typeof value === 'object' ? JSON.stringify(value, undefined, indent) : String(value);
}
