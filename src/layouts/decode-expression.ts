import { quoteString } from '../engine/bound-parameter.ts';
import type { Encoding } from '../formats/format.ts';

/**
 * SQL of a value without the encoding that the log's writer applied.
 * @param encodedTwice whether this input dates from when CloudFront encoded some fields twice
 */
export function decoded(value: string, encoding: Encoding | undefined, encodedTwice: boolean): string {
  switch (encoding) {
    case undefined:
      return value;
    case 'percent':
      return percentDecoded(value);
    case 'percent-twice-before-2020':
      return percentDecoded(encodedTwice ? undoubled(value) : value);
    case 'backslash':
      return unescaped(value);
    case 'quoted-list':
      return `replaceAll(${value}, '","', ',')`;
    case 'json-list':
      return `if(startsWith(${value}, '['), arrayStringConcat(JSONExtract(${value}, 'Array(String)'), ', '), ${value})`;
    case 'question-mark':
      return `if(startsWith(${value}, '?'), substring(${value}, 2), ${value})`;
    case 'plus':
      return `replaceAll(replaceAll(replaceAll(${value}, '++', '+\\0'), '+', ' '), '\\0', '+')`;
  }
}

/** A bad escape or a truncated `%2` is left unchanged, and so is a plus. */
export function percentDecoded(value: string): string {
  return `decodeURLComponent(${value})`;
}

/** `%2520` and no `%20`: the value was encoded twice, so one layer is taken off before the decoding proper. */
function undoubled(value: string): string {
  return `if(position(${value}, '%2520') > 0 AND position(${value}, '%20') = 0, replaceAll(${value}, '%25', '%'), ${value})`;
}

/**
 * `\xHH`, `\"`, `\\`, `\t`, `\n` and `\r`. The engine has no function for it, so escapes are first rewritten as percent
 * escapes: pairs of backslashes before all others, because they must not begin another escape.
 */
export function unescaped(value: string): string {
  const pairs: readonly (readonly [from: string, to: string])[] = [
    ['%', '%25'],
    ['\\\\', '%5C'],
    ['\\"', '%22'],
    ['\\t', '%09'],
    ['\\n', '%0A'],
    ['\\r', '%0D'],
  ];
  const literal = (text: string) => `'${text.replaceAll('\\', '\\\\')}'`;
  const simple = pairs.reduce((sql, [from, to]) => `replaceAll(${sql}, ${literal(from)}, ${literal(to)})`, value);
  const percent = `replaceRegexpAll(${simple}, ${literal('\\\\x([0-9A-Fa-f]{2})')}, ${literal('%\\1')})`;
  return `if(position(${value}, ${literal('\\')}) = 0, ${value}, decodeURLComponent(${percent}))`;
}

/** SQL of the name of a value that the log writes as a code. */
export function named(value: string, names: Readonly<Record<string, string>> | undefined): string {
  if (!names) return value;
  const list = (texts: readonly string[]) => `[${texts.map(quoteString).join(', ')}]`;
  return `transform(${value}, ${list(Object.keys(names))}, ${list(Object.values(names))}, ${value})`;
}
