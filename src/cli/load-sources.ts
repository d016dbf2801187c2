import type { PipelineConfig } from '../config/sections/pipelines-section.ts';
import { kindOf } from '../config/sections/sources/source-kinds.ts';
import type { Source } from '../sources/source.ts';

/** Creates the source of a pipeline, without I/O; the directory belongs to that source alone. */
export type CreateSource = (pipeline: PipelineConfig, spoolDirectory: string) => Source;

/** Loads the code of the sources of these pipelines. @returns a function that creates the source of any of them */
export async function loadSources(pipelines: readonly PipelineConfig[]): Promise<CreateSource> {
  const creators = new Map(
    await Promise.all(pipelines.map(async ({ source }) => [source.type, await kindOf(source).load()] as const)),
  );
  return ({ name, source }, spoolDirectory) => {
    const create = creators.get(source.type);
    if (!create) throw new Error(`BUG: the source "${source.type}" is not loaded`);
    return create(source, { pipeline: name, spoolDirectory });
  };
}
