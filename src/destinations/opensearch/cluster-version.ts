import type { Cluster } from './cluster.ts';
import { ClusterFault, explainAnswer } from './explain-fault.ts';

export interface ClusterVersion {
  readonly flavour: 'OpenSearch' | 'Elasticsearch';
  /** `3.6.0` */
  readonly number: string;
  /** Elasticsearch's `oss` lacks some types of fields. */
  readonly build: string;
}

/** The first versions whose answers are understood. */
const oldest = { OpenSearch: 1, Elasticsearch: 7 } as const;

/** OpenSearch Serverless does not tell its version, nor all its types of fields. */
const serverless: ClusterVersion = { flavour: 'OpenSearch', number: '2.0.0', build: '' };

/** @throws ClusterFault when it does not answer, or is too old */
export async function probeCluster(cluster: Cluster, signal: AbortSignal): Promise<ClusterVersion> {
  if (cluster.isServerless) return serverless;
  const answer = await cluster.ask('GET', '/', signal);
  if (answer.status !== 200) throw explainAnswer(cluster.url, 'ask for its version', answer);
  const { version } = (answer.body ?? {}) as {
    version?: { number?: string; distribution?: string; build_flavor?: string };
  };
  const { number, distribution, build_flavor: build = '' } = version ?? {};
  if (number === undefined) {
    throw new ClusterFault(
      `cannot deliver to "${cluster.url}": it is neither OpenSearch nor Elasticsearch; correct url`,
    );
  }
  const flavour = distribution === 'opensearch' ? 'OpenSearch' : 'Elasticsearch';
  const major = oldest[flavour];
  if (Number(number.split('.')[0]) < major) {
    throw new ClusterFault(
      `cannot deliver to "${cluster.url}": ${flavour} ${number} is too old; update it to ${major} or newer`,
    );
  }
  return { flavour, number, build };
}

export function isAtLeast({ number }: ClusterVersion, major: number, minor: number): boolean {
  const [has = 0, hasMinor = 0] = number.split('.').map(Number);
  return has > major || (has === major && hasMinor >= minor);
}
