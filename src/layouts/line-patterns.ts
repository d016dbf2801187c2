/** RE2: a value in quotes with the blank behind it, else all up to the next blank. An escaped quote does not end it. */
export const tokenPattern = '"(?:\\\\\\C|\\C)*?"+(?: |$)|[^ ]+';

/** A pattern of ours as the text of an SQL literal. */
export function patternLiteral(pattern: string): string {
  return `'${pattern.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** A pattern of ours for sample lines, which are text here and bytes in the engine. */
export function samplePattern(pattern: string, flags = ''): RegExp {
  let compiled = patterns.get(flags + pattern);
  if (!compiled) {
    compiled = new RegExp(pattern.replaceAll('\\C', '[^]'), flags);
    patterns.set(flags + pattern, compiled);
  }
  return compiled;
}

const patterns = new Map<string, RegExp>();

/** The tokens of a text, as {@link tokenPattern} finds them; quotes are taken off in pairs. */
export function sampleTokens(text: string): string[] {
  return (text.match(samplePattern(tokenPattern, 'g')) ?? []).map((found) => {
    const token = found.replace(/ $/, '');
    return token.length > 1 && token.startsWith('"') && token.endsWith('"') ? token.slice(1, -1) : token;
  });
}

/** SQL of the same. */
export function tokensExpression(text: string): string {
  const isQuoted = `length(token) > 1 AND startsWith(token, '"') AND endsWith(token, '"')`;
  return `arrayMap(
    token -> if(${isQuoted}, substring(token, 2, length(token) - 2), token),
    arrayMap(found -> trimRight(found), extractAll(${text}, ${patternLiteral(tokenPattern)})))`;
}
