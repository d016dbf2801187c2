import { createHash } from 'node:crypto';
import type { FormatConfig } from '../config/sections/format-section.ts';
import type { PipelineConfig } from '../config/sections/pipelines-section.ts';
import type { InputHints } from '../layouts/find-layout.ts';
import { hintsOf } from '../layouts/layout-choice.ts';
import type { PipelineDefinition } from '../pipeline/run-pipelines.ts';
import { readRealtimeLogConfig } from '../sources/aws/read-realtime-log-config.ts';
import { loadSources } from './load-sources.ts';

/** Turns the configuration into the definitions that the pipelines run. */
export async function definePipelines(configured: readonly PipelineConfig[]): Promise<PipelineDefinition[]> {
  const createSource = await loadSources(configured);
  return configured.map((pipeline) => ({
    name: pipeline.name,
    identity: createHash('sha256').update(JSON.stringify(pipeline)).digest('hex'),
    createSource: (spoolDirectory) => createSource(pipeline, spoolDirectory),
    readHints: () => readHints(pipeline.format),
    ...(pipeline.rules ? { rules: pipeline.rules } : {}),
  }));
}

/** @throws Error when the columns are to be read from CloudFront and it does not return them */
async function readHints(format: FormatConfig | undefined): Promise<InputHints> {
  if (!format) return {};
  const { type, from, fields, delimiter, names } = format;
  const asked = from === undefined ? undefined : await readRealtimeLogConfig(from);
  const columns = asked?.fields ?? fields;
  return hintsOf({
    format: type,
    ...(names ? { names } : {}),
    ...(columns ? { columns } : {}),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(asked ? { samplingRate: asked.samplingRate } : {}),
  });
}
