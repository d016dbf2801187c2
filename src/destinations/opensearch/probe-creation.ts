import type { ErrorCause } from './answer.ts';
import type { Cluster } from './cluster.ts';
import { explainAnswer, explainCause } from './explain-fault.ts';
import { templatePath } from './index-template.ts';

const doing = 'create documents';

/**
 * Asks for a document that cannot be created, since it requires an alias that nobody has: the cluster judges permissions
 * first, and keeps nothing.
 * @throws ClusterFault
 */
export async function probeCreation(cluster: Cluster, index: string, signal: AbortSignal): Promise<void> {
  // Whether Serverless knows the requirement is not documented, so it is only asked whether it answers this identity.
  if (cluster.isServerless) {
    const answer = await cluster.ask('GET', templatePath(index), signal);
    if (answer.status !== 200 && answer.status !== 404)
      throw explainAnswer(cluster.url, 'read index templates', answer);
    return;
  }
  const action = { create: { _index: `${index}-tailrace-check`, _id: 'check', require_alias: true } };
  const bytes = Buffer.from(`${JSON.stringify(action)}\n{}\n`);
  const answer = await cluster.ask('POST', '/_bulk', signal, { type: 'application/x-ndjson', bytes });
  // Versions before 7.10 do not know the requirement, and refuse the request as malformed.
  if (answer.status === 400) return;
  if (answer.status !== 200) throw explainAnswer(cluster.url, doing, answer);
  const { items } = (answer.body ?? {}) as { items?: { create: { status: number; error?: ErrorCause } }[] };
  const { status, error } = items?.[0]?.create ?? { status: 0 };
  const fault = status === 404 ? undefined : explainCause(cluster.url, doing, status, error);
  if (fault) throw fault;
}
