import { createHash } from 'node:crypto';
import type { FormatConfig } from '../config/sections/format-section.ts';
import type { PipelineConfig } from '../config/sections/pipelines-section.ts';
import { findFormat } from '../formats/catalog.ts';
import { findLogFormat } from '../formats/logs/catalog.ts';
import { withNames } from '../formats/logs/with-names.ts';
import type { InputHints } from '../layouts/find-layout.ts';
import type { PipelineDefinition } from '../pipeline/run-pipelines.ts';
import { readRealtimeLogConfig } from '../sources/aws/read-realtime-log-config.ts';
import { createSource } from './create-source.ts';

/** What the configuration says, as the pipelines run it. */
export function definePipelines(configured: readonly PipelineConfig[]): PipelineDefinition[] {
  return configured.map((pipeline) => ({
    name: pipeline.name,
    identity: createHash('sha256').update(JSON.stringify(pipeline)).digest('hex'),
    createSource: (spoolDirectory) => createSource(pipeline, spoolDirectory),
    readHints: () => readHints(pipeline.format),
    ...(pipeline.rules ? { rules: pipeline.rules } : {}),
  }));
}

/** @throws Error when the columns are to be asked of CloudFront, and it does not tell them */
async function readHints(format: FormatConfig | undefined): Promise<InputHints> {
  if (!format) return {};
  const logFormat = findLogFormat(format.type);
  if (logFormat) return { logFormat: format.names ? withNames(logFormat, format.names) : logFormat };
  const access = findFormat(format.type);
  if (!access) throw new Error(`BUG: the configuration let the unknown format "${format.type}" pass`);
  const asked = format.from === undefined ? undefined : await readRealtimeLogConfig(format.from);
  const columns = asked?.fields ?? format.fields;
  return {
    format: access,
    ...(columns ? { columns } : {}),
    ...(format.delimiter === undefined ? {} : { delimiter: format.delimiter }),
    ...(asked ? { samplingRate: asked.samplingRate } : {}),
  };
}
