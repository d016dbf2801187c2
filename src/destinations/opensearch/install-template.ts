import type { Answer } from './answer.ts';
import type { Cluster } from './cluster.ts';
import type { ClusterVersion } from './cluster-version.ts';
import { explainAnswer } from './explain-fault.ts';
import type { Rotation } from './index-name.ts';
import { createIndexTemplate, templateName, templateVersion } from './index-template.ts';

/**
 * Installs the index template, unless there is one of this version or of somebody else.
 * @returns why it may not, with a remedy
 * @throws ClusterFault when the cluster takes nothing now
 */
export async function installTemplate(
  cluster: Cluster,
  version: ClusterVersion,
  { index, rotation }: { readonly index: string; readonly rotation: Rotation },
  signal: AbortSignal,
): Promise<string | undefined> {
  const path = `/_index_template/${templateName(index)}`;
  const present = await cluster.ask('GET', path, signal);
  if (present.status === 200 && !isOlder(present)) return undefined;
  if (present.status !== 200 && present.status !== 404) return explain(cluster, index, present);
  const bytes = Buffer.from(JSON.stringify(createIndexTemplate(index, rotation, version)));
  const answer = await cluster.ask('PUT', path, signal, { type: 'application/json', bytes });
  return answer.status === 200 ? undefined : explain(cluster, index, answer);
}

function isOlder({ body }: Answer): boolean {
  const { index_templates: [found] = [] } = body as {
    index_templates?: { index_template?: { version?: number; _meta?: { managed_by?: string } } }[];
  };
  const { version = 0, _meta } = found?.index_template ?? {};
  return _meta?.managed_by === 'tailrace' && version < templateVersion;
}

function explain(cluster: Cluster, index: string, answer: Answer): string {
  const fault = explainAnswer(cluster.url, 'manage index templates', answer);
  if (fault.isPassing) throw fault;
  return `${fault.message}; without the template "${templateName(index)}", the cluster guesses the types of fields`;
}
