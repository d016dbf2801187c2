import type { ApacheRequest } from './apache-log.ts';
import { behaviorOf } from './behaviors.ts';
import { draw } from './draw.ts';
import type { EdgeCache } from './edge-cache.ts';

export interface SimulatedResult {
  /** x-edge-result-type: after the last byte. */
  readonly result: string;
  /** x-edge-response-result-type: at the first byte. */
  readonly responseResult: string;
  readonly detailedResult: string;
}

/** What the edge says of a request whose status is a given; puts into its cache what it fetched. */
export function simulateResult(request: ApacheRequest, atMs: number, cache: EdgeCache): SimulatedResult {
  const { status, line, bytes } = request;
  // The site's own redirects stand for the edge's from http to https.
  if (status === 301) return same('Redirect');
  if (status >= 500) return { ...same('Error'), detailedResult: 'OriginError' };
  if (status >= 400) return same('Error');
  const served = fromCache(request, atMs, cache);
  if (bytes > hangUpBytes && draw('hang up', line) < 0.05) {
    const detailedResult = draw('who hung up', line) < 0.5 ? 'ClientHungUpRequest' : 'ClientCommError';
    return { result: 'Error', responseResult: served, detailedResult };
  }
  return same(served);
}

/** Viewers leave in the middle of what takes long. */
const hangUpBytes = 1_000_000;

function fromCache(request: ApacheRequest, atMs: number, cache: EdgeCache): 'Hit' | 'RefreshHit' | 'Miss' {
  const { method, path, query, status, bytes, line } = request;
  if (method !== 'GET' && method !== 'HEAD') return 'Miss';
  const key = `${path}?${query}`;
  const freshUntilMs = atMs + behaviorOf(path).keepMs;
  const found = cache.look(key, atMs);
  if (found === 'fresh') return 'Hit';
  if (found === 'stale' && draw('unchanged at the origin', line) < 0.85) {
    cache.revalidate(key, freshUntilMs);
    return 'RefreshHit';
  }
  // Only a whole body can be kept.
  if (method === 'GET' && status === 200) cache.keep(key, bytes, freshUntilMs);
  return 'Miss';
}

function same(result: string): SimulatedResult {
  return { result, responseResult: result, detailedResult: result };
}
