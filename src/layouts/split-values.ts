/**
 * The values between the delimiters. Blanks in a row are one delimiter: where blanks stand between values none is empty, and
 * people align columns with them.
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
