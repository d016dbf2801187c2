export interface SqlToken {
  readonly kind: 'keyword' | 'text' | 'number' | 'name' | 'comment' | 'other';
  readonly text: string;
}

const keyword =
  /^(?:select|from|where|and|or|not|in|group|by|order|limit|with|as|having|distinct|desc|asc|union|all|join|left|on|using|case|when|then|else|end|is|null|like|ilike|between|interval|fill|step|to|array|over|partition|settings|totals|prewhere|filter)$/i;
const pattern =
  /(?<comment>--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<text>'(?:\\[\s\S]|''|[^'\\])*(?:'|\\?$))|(?<number>\b\d+(?:\.\d+)?\b)|(?<name>[A-Za-z_]\w*)/g;

/** Splits a statement into coloured tokens; their texts, joined, are the statement. */
export function tokenizeSql(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  let end = 0;
  for (const match of sql.matchAll(pattern)) {
    if (match.index > end) tokens.push({ kind: 'other', text: sql.slice(end, match.index) });
    const [text] = match;
    const found = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined)?.[0] as SqlToken['kind'];
    tokens.push({ kind: found === 'name' && keyword.test(text) ? 'keyword' : found, text });
    end = match.index + text.length;
  }
  if (end < sql.length) tokens.push({ kind: 'other', text: sql.slice(end) });
  return tokens;
}
