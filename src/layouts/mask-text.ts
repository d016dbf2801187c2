import { quoteString } from '../engine/bound-parameter.ts';
import type { MaskRules } from './line-rules.ts';

/**
 * Keys of signed URLs and cookies.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-urls.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export const signatureKeys = [
  'Signature',
  'Policy',
  'Key-Pair-Id',
  'CloudFront-Signature',
  'CloudFront-Policy',
  'CloudFront-Key-Pair-Id',
  'X-Amz-Signature',
  'X-Amz-Security-Token',
  'X-Amz-Credential',
] as const;

/** Replaces a masked value. */
export const maskedValue = 'masked';

const group = '[0-9A-Fa-f]{1,4}';

/** RE2 patterns and their replacements, in order of application. */
export function maskReplacements({ addresses, signatures, query = [] }: MaskRules): [pattern: string, by: string][] {
  const keys = [...(signatures ? signatureKeys : []), ...query];
  return [
    ...(addresses ? addressReplacements : []),
    ...(keys.length > 0 ? [[keyPattern(keys), `\\1${maskedValue}`] as [string, string]] : []),
  ];
}

/** Within any text: a time with colons is not an address, which has eight groups or a double colon. */
const addressReplacements: [string, string][] = [
  ['\\b(\\d{1,3}\\.\\d{1,3}\\.\\d{1,3})\\.\\d{1,3}\\b', '\\1.0'],
  [`\\b(${group}(?::${group}){2})(?::${group}){5}\\b`, '\\1::'],
  [`\\b(${group}(?::${group}){0,2})(?::${group}){0,5}::(?:${group}(?::${group})*(?:\\.\\d{1,3}){0,3})?`, '\\1::'],
];

/**
 * A key of a query, a cookie or a form, with its value; in URLs within URLs, logs and JSON its delimiters appear as
 * `%3D`, `%253D` or `\u003d`.
 */
function keyPattern(keys: readonly string[]): string {
  const names = keys.map((key) => key.replace(/[^\w-]/g, '\\$&')).join('|');
  const before = '(?:^|[?&;,\\s"\'={(]|%(?:25)?(?:3F|26|20)|\\\\u0026)';
  const equals = '(?:=|%(?:25)?3D|\\\\u003d)';
  // Anything up to the next key; an encoded ampersand ends a value too.
  const value = '(?:[^&;\\s"\'\\\\%#<>)]|%(?:[013-9A-Fa-f][0-9A-Fa-f]|2[0-57-9A-Fa-f]))+';
  return `(?i)(${before}(?:${names})${equals})${value}`;
}

/** SQL of a text with all masks applied. */
export function maskExpression(rules: MaskRules, text: string): string {
  return maskReplacements(rules).reduce(
    (inner, [pattern, by]) => `replaceRegexpAll(${inner}, ${quoteString(pattern)}, ${quoteString(by)})`,
    text,
  );
}

/** Most needles of the engine's search. */
const mostNeedles = 255;

/** SQL of whether a text may have something that is masked: far cheaper than to look for it. */
function mayBeMasked({ addresses, signatures, query = [] }: MaskRules, text: string): string {
  const keys = [...(signatures ? signatureKeys : []), ...query];
  // The engine folds the case of other letters in its own way.
  const isPlain = keys.every((key) => /^[\w-]+$/.test(key)) && keys.length <= mostNeedles;
  if (addresses || !isPlain) return '1';
  return `multiSearchAnyCaseInsensitive(${text}, [${keys.map(quoteString).join(', ')}])`;
}

/** SQL of whether the value of a column may have something that is masked; undefined for columns that are not searched. */
export function mayColumnBeMasked(rules: MaskRules, name: string): string | undefined {
  if (maskedColumns.texts.includes(name)) return mayBeMasked(rules, `toString(${name})`);
  if (!maskedColumns.maps.includes(name)) return undefined;
  return `arrayExists(value -> ${mayBeMasked(rules, 'value')}, mapValues(${name}))`;
}

/** Columns with free text. Names and ids are not searched. */
export const maskedColumns = {
  texts: ['client_ip', 'path', 'query', 'referer', 'cookie', 'forwarded_for', 'message', 'line'],
  maps: ['extra', 'attributes'],
};

/** SQL of a column with all masks applied, if it has free text. */
export function maskedColumn(rules: MaskRules, name: string, value: string): string {
  if (maskedColumns.texts.includes(name)) return maskExpression(rules, `toString(${value})`);
  if (!maskedColumns.maps.includes(name)) return value;
  return `mapApply((name, value) -> (name, ${maskExpression(rules, 'value')}), ${value})`;
}
