import { formatLiteral, formatParameter } from '../bound-parameter.ts';
import { isSymbol, readSqlTokens } from '../sql-tokens.ts';

/** A server refuses a parameter of more than 128 KiB (`http_max_field_value_size`), and URLs above about 1 MiB. */
const maxParameterBytes = 16 * 1024;

/**
 * Splits parameters into those that fit into a request URL (named `param_…`) and others. The others become literals in
 * place of their placeholders, in the engine's own form of a parameter: a cast to its type.
 */
export function inlineLargeParameters(
  sql: string,
  params: readonly (readonly [name: string, value: unknown])[],
): { sql: string; params: Record<string, string> } {
  const small: Record<string, string> = {};
  const large = new Map<string, string>();
  for (const [name, value] of params) {
    const text = formatParameter(value);
    if (Buffer.byteLength(text) <= maxParameterBytes) small[`param_${name}`] = text;
    else large.set(name, formatLiteral(value));
  }
  return { sql: large.size === 0 ? sql : replacePlaceholders(sql, large), params: small };
}

function replacePlaceholders(sql: string, literals: ReadonlyMap<string, string>): string {
  const tokens = readSqlTokens(sql);
  let result = '';
  let done = 0;
  for (const [index, token] of tokens.entries()) {
    const literal = literals.get(tokens[index + 1]?.text ?? '');
    const type = tokens[index + 3];
    if (!isSymbol(token, '{') || !isSymbol(tokens[index + 2], ':') || literal === undefined || !type) continue;
    const close = tokens.find((other) => other.at > token.at && isSymbol(other, '}'));
    if (close === undefined) continue;
    result += `${sql.slice(done, token.at)}CAST(${literal} AS ${sql.slice(type.at, close.at)})`;
    done = close.at + 1;
  }
  return result + sql.slice(done);
}
