/** Served from CloudFront's cache, as of the last byte; a RefreshHit was revalidated at the origin, not sent by it. */
export const isHit = "result IN ('Hit', 'RefreshHit')";

/**
 * Requests that the cache could have answered: cacheable in the sense of the CloudWatch metric CacheHitRate. Excludes
 * POST and errors, redirects that the edge generates, and WebSockets (101), which are always misses.
 */
export const isCacheable =
  "method IN ('GET', 'HEAD') AND result IN ('Hit', 'RefreshHit', 'Miss') AND status < 400 AND status != 101";

/** Default hit ratio, for definitions. */
export const hitRatioNote =
  'Hit ratio: Hit and RefreshHit ÷ GET and HEAD requests answered with Hit, RefreshHit or Miss and a status below 400; a RefreshHit counts as a hit.';
