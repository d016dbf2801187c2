/** A shard that is to be read, and who reads it: nobody when its lease is free or its owner is silent. */
export interface Holding {
  readonly leaseKey: string;
  readonly owner: string | undefined;
}

/**
 * Which leases a worker should take now, so that all workers come to hold equally many: free ones up to its fair share;
 * when none is free, one of the worker that holds most, as long as that brings the two closer together.
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

/** Workers that choose at the same time should not all choose the same. */
function shuffled<T>(items: readonly T[]): T[] {
  const keyed = items.map((item) => ({ item, key: Math.random() }));
  return keyed.sort((one, other) => one.key - other.key).map(({ item }) => item);
}
