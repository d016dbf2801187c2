/** Made-up traffic with a daily wave, an origin outage and a dip in the hit ratio; the same on every run. */

export const firstMs = Date.UTC(2026, 9, 20, 0, 0);
export const lastMs = Date.UTC(2026, 10, 20, 14, 7, 31);

/** 0 to 1, from a place and a name. */
export function noise(seed: string, position: number): number {
  let hash = 2166136261 ^ position;
  for (const character of seed) hash = Math.imul(hash ^ character.charCodeAt(0), 16777619);
  hash = Math.imul(hash ^ (hash >>> 15), 2246822507);
  return ((hash ^ (hash >>> 13)) >>> 0) / 4294967296;
}

/** Requests a second. */
function loadAt(ms: number): number {
  const hour = (ms / 3_600_000) % 24;
  return 90 + 60 * Math.sin(((hour - 9) / 24) * 2 * Math.PI) + 18 * noise('load', Math.floor(ms / 60_000));
}

/** Share of the requests by result. */
function sharesAt(ms: number): Readonly<Record<string, number>> {
  const minutesAgo = (lastMs - ms) / 60_000;
  const outage = minutesAgo > 300 && minutesAgo < 345 ? 0.16 : 0.006;
  const dip = minutesAgo > 610 && minutesAgo < 720 ? 0.2 : 0;
  const wobble = 0.02 * noise('hit', Math.floor(ms / 600_000));
  const shares = { RefreshHit: 0.05, Miss: 0.11 + dip + wobble, Error: outage, Redirect: 0.02, LimitExceeded: 0.001 };
  return { Hit: 1 - Object.values(shares).reduce((sum, share) => sum + share, 0), ...shares };
}

export interface Bucket {
  readonly ms: number;
  readonly requests: Readonly<Record<string, number>>;
  readonly total: number;
}

/** @param step seconds */
export function makeBuckets(fromMs: number, toMs: number, step: number): Bucket[] {
  const buckets: Bucket[] = [];
  for (let ms = Math.floor(fromMs / (step * 1000)) * step * 1000; ms < Math.min(toMs, lastMs); ms += step * 1000) {
    if (ms < firstMs) continue;
    const seconds = Math.min(step, (lastMs - ms) / 1000);
    const total = Math.round(loadAt(ms) * seconds);
    const requests = Object.entries(sharesAt(ms)).map(([result, share]) => [result, Math.round(total * share)]);
    buckets.push({ ms, total, requests: Object.fromEntries(requests) });
  }
  return buckets;
}
