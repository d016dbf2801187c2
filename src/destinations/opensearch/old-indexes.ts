import type { Cluster } from './cluster.ts';
import { endOfIndex } from './dated-index.ts';
import { explainAnswer } from './explain-fault.ts';
import { indexPatterns, type Rotation } from './index-name.ts';

/** Which indexes stay: those of so many days, or so many. */
export interface Keep {
  readonly days?: number;
  readonly indices?: number;
}

/** An index of a destination. */
export interface OwnIndex {
  readonly name: string;
  readonly documents: number;
  readonly bytes: number;
  /** When its time is over, epoch ms. */
  readonly endMs: number;
}

export interface IndexPlan {
  /** Oldest first. */
  readonly expiring: readonly OwnIndex[];
  readonly kept: readonly OwnIndex[];
}

interface Names {
  readonly index: string;
  readonly rotation: Rotation;
}

const dayMs = 86_400_000;

/** What is to be deleted; asks the cluster, changes nothing. @throws ClusterFault */
export async function planIndexes(cluster: Cluster, names: Names, keep: Keep, signal: AbortSignal): Promise<IndexPlan> {
  const own = await listOwn(cluster, names, signal);
  return chooseExpiring(own, keep, Date.now());
}

/** The index of the running time stays in any case, and those of later times. @param own oldest first */
export function chooseExpiring(own: readonly OwnIndex[], { days, indices }: Keep, nowMs: number): IndexPlan {
  const isOld = ({ endMs }: OwnIndex, index: number) =>
    endMs <= nowMs &&
    ((days !== undefined && endMs <= nowMs - days * dayMs) || (indices !== undefined && index < own.length - indices));
  return { expiring: own.filter(isOld), kept: own.filter((index, at) => !isOld(index, at)) };
}

/**
 * Deletes indexes, each by its whole name, so that no pattern can name another one.
 * @returns what was deleted; one that somebody else has deleted meanwhile is none of it
 * @throws ClusterFault
 */
export async function deleteIndexes(
  cluster: Cluster,
  indexes: readonly OwnIndex[],
  signal: AbortSignal,
): Promise<OwnIndex[]> {
  const deleted: OwnIndex[] = [];
  for (const index of indexes) {
    const answer = await cluster.ask('DELETE', `/${encodeURIComponent(index.name)}`, signal);
    if (answer.status === 200) deleted.push(index);
    else if (answer.status !== 404) throw explainAnswer(cluster.url, `delete the index ${index.name}`, answer);
  }
  return deleted;
}

/**
 * Where a pattern matches an alias, the cluster names the index behind it, which counts only if it has itself a name of this
 * destination. Names of indexes behind data streams never have one.
 */
async function listOwn(cluster: Cluster, { index, rotation }: Names, signal: AbortSignal): Promise<OwnIndex[]> {
  const path = `/_cat/indices/${indexPatterns(index, rotation).map(encodeURIComponent).join(',')}`;
  const answer = await cluster.ask('GET', `${path}?format=json&bytes=b&h=index,docs.count,store.size`, signal);
  if (answer.status === 404) return [];
  if (answer.status !== 200) throw explainAnswer(cluster.url, 'list indexes', answer);
  const found = answer.body as { index: string; 'docs.count'?: string | null; 'store.size'?: string | null }[];
  return found
    .flatMap(({ index: name, 'docs.count': documents, 'store.size': bytes }) => {
      const endMs = endOfIndex(name, index, rotation);
      return endMs === undefined ? [] : [{ name, documents: Number(documents ?? 0), bytes: Number(bytes ?? 0), endMs }];
    })
    .toSorted((one, other) => one.endMs - other.endMs);
}
