/**
 * ClickHouse SQL split into tokens, as by its lexer
 * (https://github.com/ClickHouse/ClickHouse/blob/master/src/Parsers/Lexer.cpp), for checking a statement without
 * parsing it. Blanks and comments are dropped. Where versions of the lexer differ, or where it would report an
 * error, this one may return anything as long as it hides nothing that the engine would execute in a string or comment.
 */
export interface SqlToken {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'symbol' | 'broken';
  /** Words as written; quoted identifiers and strings without quotes, escapes resolved; symbols one character each. */
  readonly text: string;
  /** Offset of the first character. */
  readonly at: number;
}

interface Read {
  readonly token: SqlToken;
  readonly end: number;
}

/** Never throws: an unreadable rest (an unclosed quote or comment) becomes a last token of kind `broken`. */
export function readSqlTokens(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  let at = 0;
  while (at < sql.length) {
    const after = skipBlank(sql, at);
    if (after > at) {
      at = after;
      continue;
    }
    const { token, end } = readToken(sql, at);
    tokens.push(token);
    at = end;
  }
  return tokens;
}

const typographicQuotes = '\u2018\u2019\u201c\u201d';

/**
 * Outside quotes every non-ASCII character counts as blank: the engine skips some of them and refuses the others,
 * and a skipped one must not separate a function's name from its parenthesis here.
 */
function isBlank(char: string): boolean {
  return char <= ' ' || (char >= '\u007f' && !typographicQuotes.includes(char));
}

function skipBlank(sql: string, at: number): number {
  if (isBlank(sql.charAt(at))) return at + 1;
  const two = sql.slice(at, at + 2);
  if (two === '--' || two === '//' || two === '# ' || two === '#!') {
    const end = sql.indexOf('\n', at);
    return end === -1 ? sql.length : end + 1;
  }
  if (two !== '/*') return at;
  const end = sql.indexOf('*/', at + 2);
  // Newer engines nest comments and older ones do not, so the text after a nested one is code to one of them.
  return end === -1 || sql.slice(at + 2, end).includes('/*') ? at : end + 2;
}

function readToken(sql: string, at: number): Read {
  const char = sql.charAt(at);
  if (sql.startsWith('/*', at)) return broken(sql, at);
  if (char === "'") return readQuoted(sql, at, "'", 'string');
  if (char === '"' || char === '`') return readQuoted(sql, at, char, 'quoted');
  if (char === '\u2018') return readTypographic(sql, at, '\u2019', 'string');
  if (char === '\u201c') return readTypographic(sql, at, '\u201d', 'quoted');
  if (char === '$') return readHeredoc(sql, at);
  const bare = /^(?:[0-9][0-9A-Za-z_]*(?:\.[0-9][0-9A-Za-z_]*)*|[A-Za-z_][0-9A-Za-z_$]*)/.exec(
    sql.slice(at, at + 256),
  )?.[0];
  if (bare === undefined) return { token: { kind: 'symbol', text: char, at }, end: at + 1 };
  return { token: { kind: /^[0-9]/.test(bare) ? 'number' : 'word', text: bare, at }, end: at + bare.length };
}

function readQuoted(sql: string, at: number, quote: string, kind: 'quoted' | 'string'): Read {
  let text = '';
  for (let i = at + 1; i < sql.length; i++) {
    const char = sql.charAt(i);
    if (char === '\\') {
      const escaped = readEscape(sql, i);
      text += escaped.text;
      i = escaped.end - 1;
    } else if (char !== quote) {
      text += char;
    } else if (sql.charAt(i + 1) === quote) {
      text += quote;
      i++;
    } else {
      return { token: { kind, text, at }, end: i + 1 };
    }
  }
  return broken(sql, at);
}

const escapes: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  e: '\x1b',
  N: '',
  0: '\0',
};

/** Escapes matter in identifiers too: `` `fi\x6ce` `` is `file`. */
function readEscape(sql: string, at: number): { text: string; end: number } {
  const char = sql.charAt(at + 1);
  const hex = /^x([0-9a-fA-F]{2})/.exec(sql.slice(at + 1, at + 4))?.[1];
  if (hex !== undefined) return { text: String.fromCharCode(Number.parseInt(hex, 16)), end: at + 4 };
  return { text: escapes[char] ?? char, end: at + 2 };
}

/** Typographic quotes; the engine has no escapes in these. */
function readTypographic(sql: string, at: number, close: string, kind: 'quoted' | 'string'): Read {
  const end = sql.indexOf(close, at + 1);
  if (end === -1) return broken(sql, at);
  return { token: { kind, text: sql.slice(at + 1, end), at }, end: end + 1 };
}

/** `$tag$ … $tag$`, the tag possibly empty. Any other dollar is a symbol. */
function readHeredoc(sql: string, at: number): Read {
  const tag = /^\$[0-9A-Za-z_]*\$/.exec(sql.slice(at, at + 256))?.[0];
  const end = tag === undefined ? -1 : sql.indexOf(tag, at + tag.length);
  if (tag === undefined || end === -1) return { token: { kind: 'symbol', text: '$', at }, end: at + 1 };
  return { token: { kind: 'string', text: sql.slice(at + tag.length, end), at }, end: end + tag.length };
}

function broken(sql: string, at: number): Read {
  return { token: { kind: 'broken', text: sql.slice(at), at }, end: sql.length };
}

export function isSymbol(token: SqlToken | undefined, text: string): boolean {
  return token?.kind === 'symbol' && token.text === text;
}

/** A bare word, in any case; a quoted identifier is not a keyword. */
export function isWord(token: SqlToken | undefined, ...words: readonly string[]): boolean {
  return token?.kind === 'word' && words.includes(token.text.toLowerCase());
}
