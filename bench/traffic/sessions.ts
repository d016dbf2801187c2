import type { SitePath } from './paths.ts';
import type { Random } from './random.ts';
import type { Viewer } from './viewers.ts';

/** A viewer's visit: some requests over one connection. Visits overlap, so neighbouring lines are of different viewers. */
export interface Session {
  readonly viewer: Viewer;
  readonly port: number;
  /** A visit in another network or from another device; rare. */
  readonly userAgent: string;
  /** `cs(Referer)` of the next request, log-encoded, or `-`. */
  referer: string;
  remaining: number;
}

/** Mean number of requests of a visit. */
export const meanSessionLength = 8;

const externalReferers = [
  'https://www.google.com/',
  'https://www.bing.com/',
  'https://t.co/',
  'https://news.ycombinator.com/',
  'https://duckduckgo.com/',
  'android-app://com.google.android.googlequicksearchbox/',
];

export function createSession(random: Random, viewer: Viewer, otherUserAgent: () => string): Session {
  return {
    viewer,
    port: 1024 + random.below(64_512),
    userAgent: !viewer.isCrawler && random.chance(0.03) ? otherUserAgent() : viewer.userAgent,
    referer: !viewer.sendsReferer || random.chance(0.4) ? '-' : random.pick(externalReferers),
    remaining: 1 + Math.floor(-(meanSessionLength - 0.5) * Math.log(1 - random.fraction())),
  };
}

/** The referer that a browser sends once it shows `path`. */
export function visit(session: Session, path: SitePath): void {
  if (!path.isPage || !session.viewer.sendsReferer) return;
  session.referer = `https://${session.viewer.host}${path.stem}`;
}
