/** CloudFront served from its cache by what happened at the last byte; a RefreshHit was asked of the origin but not sent by it. */
export const isHit = "result IN ('Hit', 'RefreshHit')";

/**
 * Requests that the cache could have answered: what the CloudWatch metric CacheHitRate calls cacheable. POST and errors
 * do not count, nor do redirects that the edge makes by itself, nor WebSockets (101), which are always misses.
 */
export const isCacheable =
  "method IN ('GET', 'HEAD') AND result IN ('Hit', 'RefreshHit', 'Miss') AND status < 400 AND status != 101";

/** For definitions: the default hit ratio. */
export const hitRatioNote =
  'Hit ratio: Hit and RefreshHit ÷ GET and HEAD requests answered with Hit, RefreshHit or Miss and a status below 400; a RefreshHit counts as a hit.';
