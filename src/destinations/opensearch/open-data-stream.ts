import { errorOf } from './answer.ts';
import type { Cluster } from './cluster.ts';
import { ClusterFault, cannot, explainAnswer } from './explain-fault.ts';

/**
 * Makes the data stream if it is missing, so that no document makes an index of its name.
 * @throws ClusterFault when there is none
 */
export async function openDataStream(cluster: Cluster, name: string, signal: AbortSignal): Promise<void> {
  const path = `/_data_stream/${name}`;
  const present = await cluster.ask('GET', path, signal);
  if (present.status === 200) return;
  const made = await cluster.ask('PUT', path, signal);
  if (made.status === 200 || errorOf(made).type === 'resource_already_exists_exception') return;
  // A distribution without them takes the address for that of a document.
  if (made.status === 405) throw new ClusterFault(cannot(cluster.url, 'it has no data streams; set rotation to day'));
  throw explainAnswer(cluster.url, `create the data stream ${name}`, made);
}
