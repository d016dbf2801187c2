/** Columns of a request, as far as its address needs them. */
export type RequestValues = Readonly<Record<string, unknown>>;

const text = (value: unknown) => (typeof value === 'string' ? value : '');

/** The address that was asked for. The path is stored decoded, so what has a meaning in it is encoded again. */
export function requestUrl(values: RequestValues): string {
  const scheme = text(values.scheme) || 'https';
  const host = text(values.host) || text(values.distribution_domain);
  const path = encodePath(text(values.path) || '/');
  const query = text(values.query);
  return `${scheme}://${host}${path}${query === '' ? '' : `?${query}`}`;
}

/** Encoded are all characters that a path cannot have as they are; RFC 3986, 3.3. */
function encodePath(path: string): string {
  return path
    .split(/([A-Za-z0-9\-._~!$&'()*+,;=:@/]+)/)
    .map((part, index) => (index % 2 === 1 ? part : encodeURIComponent(asUnicode(part))))
    .join('');
}

/** Without lone surrogates, which have no encoding. */
function asUnicode(text: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(text));
}

/** The request as a command for a shell of POSIX. Cookies, keys and bodies are not in it. */
export function curlCommand(values: RequestValues): string {
  const method = text(values.method) || 'GET';
  const [from, to] = [values.range_start, values.range_end];
  const hasRange = typeof from === 'number' || typeof to === 'number';
  const parts = [
    'curl -sS',
    method === 'HEAD' ? '-I' : method === 'GET' ? '-i' : `-i -X ${quoteForShell(method)}`,
    quoteForShell(requestUrl(values)),
    ...headerOf('User-Agent', values.user_agent),
    ...headerOf('Referer', values.referer),
    ...(hasRange ? headerOf('Range', `bytes=${from ?? ''}-${to ?? ''}`) : []),
  ];
  return parts.join(' ');
}

function headerOf(name: string, value: unknown): readonly string[] {
  // A line break would begin another header.
  const clean = text(value).replaceAll(/[\r\n]/g, ' ');
  return clean === '' ? [] : [`-H ${quoteForShell(`${name}: ${clean}`)}`];
}

function quoteForShell(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
