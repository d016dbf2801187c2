/**
 * The values between the delimiters. Consecutive blanks are one delimiter: values between blanks are never empty, and
 * blanks are used to align columns.
 */
export function splitValues(text: string, delimiter: string): string[] {
  const values = text.split(delimiter);
  return delimiter === ' ' ? values.filter((value) => value !== '') : values;
}

/** SQL of the same; the delimiter is the parameter `delimiter`. */
export function splitValuesExpression(text: string, delimiter: string): string {
  if (delimiter === ' ') return `arrayFilter(value -> value != '', splitByChar(' ', ${text}))`;
  return `${Buffer.byteLength(delimiter) === 1 ? 'splitByChar' : 'splitByString'}({delimiter:String}, ${text})`;
}
