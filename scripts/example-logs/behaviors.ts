/** How the simulated distribution treats a path. */
export interface Behavior {
  readonly pattern: string;
  readonly keepMs: number;
}

const hourMs = 3_600_000;

/** In order of precedence, as a distribution has them; the last one takes the rest. */
const behaviors: readonly Behavior[] = [
  { pattern: '/images/*', keepMs: 168 * hourMs },
  { pattern: '/files/*', keepMs: 168 * hourMs },
  { pattern: '/presentations/*', keepMs: 24 * hourMs },
  { pattern: '*.css', keepMs: 24 * hourMs },
  { pattern: '*.ico', keepMs: 168 * hourMs },
  { pattern: '*', keepMs: hourMs },
];

export function behaviorOf(path: string): Behavior {
  return behaviors.find(({ pattern }) => matches(path, pattern)) as Behavior;
}

/** One star, at either end. */
function matches(path: string, pattern: string): boolean {
  return pattern.startsWith('*') ? path.endsWith(pattern.slice(1)) : path.startsWith(pattern.slice(0, -1));
}

const contentTypes: Readonly<Record<string, string>> = {
  css: 'text/css',
  gif: 'image/gif',
  gz: 'application/x-gzip',
  ico: 'image/x-icon',
  jar: 'application/java-archive',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'application/javascript',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  ttf: 'font/ttf',
  txt: 'text/plain; charset=utf-8',
  xhtml: 'application/xhtml+xml',
  xml: 'application/xml',
};

/** What the origin most likely calls it; the published log does not tell. */
export function contentTypeOf(path: string, query: string, status: number): string {
  if (status === 304) return '';
  if (status >= 300) return 'text/html; charset=iso-8859-1';
  if (query.startsWith('flav=')) return query === 'flav=atom' ? 'application/atom+xml' : 'application/rss+xml';
  const extension = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  return contentTypes[extension] ?? 'text/html; charset=utf-8';
}
