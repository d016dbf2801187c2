/**
 * Popularity: ranks drawn by weight, and the number of ranks for which N draws meet as many different ones as in real
 * traffic (Heaps' law, measured on real logs; see README.md).
 */

/** Weight of the item with this 0-based rank among `size` items; falling. */
export type RankWeight = (rank: number, size: number) => number;

export function zipf(exponent: number): RankWeight {
  return (rank) => (rank + 1) ** -exponent;
}

/**
 * Requests per viewer: a power law with a truncated tail. Fitted to the requests per address of one real shop
 * (p50 4, p90 67, p99 285, p99.9 1145 over 100,000 requests).
 */
export const viewerWeight: RankWeight = (rank, size) => (rank + 1) ** -0.62 * Math.exp(-rank / (0.22 * size));

export interface RankSampler {
  readonly size: number;
  /** The rank for a uniform `fraction` in [0, 1). */
  rank(fraction: number): number;
}

export function createRankSampler(size: number, weight: RankWeight): RankSampler {
  const cumulative = new Float64Array(size);
  let total = 0;
  for (let rank = 0; rank < size; rank++) {
    total += weight(rank, size);
    cumulative[rank] = total;
  }
  return {
    size,
    rank(fraction) {
      const target = fraction * total;
      let low = 0;
      let high = size - 1;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((cumulative[middle] ?? total) > target) high = middle;
        else low = middle + 1;
      }
      return low;
    },
  };
}

/** The number of items among which `draws` draws are expected to meet `distinct` different ones; at most 30 × distinct. */
export function itemsForDistinct(draws: number, distinct: number, weight: RankWeight): number {
  let low = Math.max(1, Math.round(distinct));
  let high = low * 30;
  while (high - low > Math.max(1, low / 200)) {
    const middle = Math.round((low + high) / 2);
    if (expectedDistinct(draws, middle, weight) < distinct) low = middle;
    else high = middle;
  }
  return high;
}

function expectedDistinct(draws: number, size: number, weight: RankWeight): number {
  let total = 0;
  for (let rank = 0; rank < size; rank++) total += weight(rank, size);
  let expected = 0;
  for (let rank = 0; rank < size; rank++) expected += 1 - Math.exp((-draws * weight(rank, size)) / total);
  return expected;
}
