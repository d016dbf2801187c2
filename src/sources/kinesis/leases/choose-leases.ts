/** A shard to be read, and its reader; undefined when its lease is free or its owner is silent. */
export interface Holding {
  readonly leaseKey: string;
  readonly owner: string | undefined;
}

/**
 * Chooses the leases that a worker should take now, to balance all workers: free ones up to its fair share; when none
 * is free, one from the worker that holds most, as long as that reduces the difference.
 */
export function chooseLeases(holdings: readonly Holding[], me: string): string[] {
  const counts = new Map([[me, 0]]);
  for (const { owner } of holdings) if (owner !== undefined) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  const mine = counts.get(me) ?? 0;
  const wanted = Math.ceil(holdings.length / counts.size) - mine;
  const free = holdings.filter(({ owner }) => owner === undefined);
  if (free.length > 0)
    return shuffled(free)
      .slice(0, Math.max(0, wanted))
      .map(({ leaseKey }) => leaseKey);
  const [richest, most] = [...counts].reduce((one, other) => (other[1] > one[1] ? other : one));
  if (most - mine < 2) return [];
  const [stolen] = shuffled(holdings.filter(({ owner }) => owner === richest));
  return stolen ? [stolen.leaseKey] : [];
}

/** Random order, so that workers that choose at the same time do not all choose the same leases. */
function shuffled<T>(items: readonly T[]): T[] {
  const keyed = items.map((item) => ({ item, key: Math.random() }));
  return keyed.sort((one, other) => one.key - other.key).map(({ item }) => item);
}
