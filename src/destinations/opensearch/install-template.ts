import type { Answer } from './answer.ts';
import type { BulkNames } from './bulk-reading.ts';
import type { Cluster } from './cluster.ts';
import type { ClusterVersion } from './cluster-version.ts';
import { explainAnswer } from './explain-fault.ts';
import {
  createIndexTemplate,
  type IndexTemplate,
  templateName,
  templatePath,
  templateVersion,
} from './index-template.ts';

/**
 * Installs the index template, unless there is the same or a newer one, or one of somebody else.
 * @returns why it may not, with a remedy
 * @throws ClusterFault when the cluster takes nothing now
 */
export async function installTemplate(
  cluster: Cluster,
  version: ClusterVersion,
  names: BulkNames,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { index } = names;
  const wanted = createIndexTemplate(names, version);
  const path = templatePath(index);
  const present = await cluster.ask('GET', path, signal);
  if (present.status === 200 && !isStale(present, wanted)) return undefined;
  if (present.status !== 200 && present.status !== 404) return explain(cluster, index, present);
  const bytes = Buffer.from(JSON.stringify(wanted));
  const answer = await cluster.ask('PUT', path, signal, { type: 'application/json', bytes });
  return answer.status === 200 ? undefined : explain(cluster, index, answer);
}

function isStale({ body }: Answer, wanted: IndexTemplate): boolean {
  const { index_templates: [found] = [] } = body as { index_templates?: { index_template?: IndexTemplate }[] };
  const { version = 0, _meta } = found?.index_template ?? {};
  if (_meta?.managed_by !== 'tailrace' || version > templateVersion) return false;
  return version < templateVersion || _meta.made_for !== wanted._meta?.made_for;
}

function explain(cluster: Cluster, index: string, answer: Answer): string {
  const fault = explainAnswer(cluster.url, 'manage index templates', answer);
  if (fault.isPassing) throw fault;
  return `${fault.message}; without the template "${templateName(index)}", the cluster guesses the types of fields`;
}
