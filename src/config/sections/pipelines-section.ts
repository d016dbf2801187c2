import { z } from 'zod';
import type { LineRules } from '../../layouts/line-rules.ts';
import { nearestName } from '../../text/nearest-name.ts';
import { fieldNotes } from '../field-note.ts';
import { refuse } from '../fields.ts';
import { type FormatChoice, type FormatConfig, formatSection } from './format-section.ts';
import { lineRulesSections } from './line-rules-section.ts';
import { kindOf, type SourceConfig } from './sources/source-kinds.ts';
import { sourceSection } from './sources/source-section.ts';

/** One source whose lines go into the store. */
export interface PipelineConfig {
  /** Letters, digits, `-` and `_`; unique. */
  readonly name: string;
  readonly source: SourceConfig;
  /** Absent: detected. */
  readonly format?: FormatConfig;
  /** Rules for excluding and masking lines; absent: all lines are stored unchanged. */
  readonly rules?: LineRules;
  readonly destinations: readonly 'store'[];
}

/** `pipelines:` by name, in their order in the file. */
export function pipelinesSection(baseDirectory: string, formats: readonly FormatChoice[]) {
  const pipeline = z.strictObject({
    source: sourceSection(baseDirectory),
    format: formatSection(formats)
      .exactOptional()
      .describe('What the lines are, where neither a header nor they themselves can tell. Without it, detected.'),
    ...lineRulesSections(),
    destinations: destinations(),
  });
  return z
    .record(z.string().regex(/^[\w-]+$/), pipeline)
    .register(fieldNotes, {
      expects: 'a mapping of names to pipelines',
      example: '{ app: { source: { type: stdin } } }',
    })
    .transform((written, context): PipelineConfig[] => {
      const pipelines = Object.entries(written).map(([name, rest]): PipelineConfig => {
        // Zod does not know the type of `from`, which only some formats have.
        const { format, include, exclude, mask, ...others } = rest as Omit<PipelineConfig, 'name'> & LineRules;
        const rules = { ...(include ? { include } : {}), ...(exclude ? { exclude } : {}), ...(mask ? { mask } : {}) };
        return {
          name,
          ...others,
          ...(format ? { format } : {}),
          ...(Object.keys(rules).length > 0 ? { rules } : {}),
        };
      });
      refuseTakenName(pipelines, context);
      refuseSharedInputs(pipelines, context);
      return pipelines;
    })
    .prefault({})
    .describe('Where logs come from, by a name of your choice.');
}

function destinations() {
  const others = 'other destinations have a section of their own';
  return z
    .union([z.string(), z.array(z.union([z.string(), z.looseObject({})])).min(1)])
    .register(fieldNotes, { expects: `store, since ${others}`, example: '[store]' })
    .transform((written, context): 'store'[] => {
      for (const [index, name] of [written].flat().entries()) {
        if (name === 'store') continue;
        const isTypo = typeof name === 'string' && nearestName(name, ['store']) !== undefined;
        const remedy = isTypo ? 'write store' : 'write store, and list this pipeline in destinations.NAME.pipelines';
        return refuse(
          context,
          isTypo ? 'there is no such destination' : others,
          remedy,
          Array.isArray(written) ? [index] : [],
        );
      }
      return ['store'];
    })
    .prefault('store')
    .describe('Where the lines go first: the store. From there to all destinations that take this pipeline.');
}

/** HTTP intake is shown and counted as a pipeline of this name. */
export const intakeName = 'http';

function refuseTakenName(pipelines: readonly PipelineConfig[], context: z.core.$RefinementCtx): void {
  if (!pipelines.some(({ name }) => name === intakeName)) return;
  refuse(context, 'what comes in over HTTP has this name', `rename it, for example to ${intakeName}-logs`, [
    intakeName,
  ]);
}

function refuseSharedInputs(pipelines: readonly PipelineConfig[], context: z.core.$RefinementCtx): void {
  for (const [index, { name, source }] of pipelines.entries()) {
    for (const other of pipelines.slice(0, index)) {
      const shared = source.type === other.source.type ? kindOf(source).shared(other.source, source) : undefined;
      if (shared === undefined) continue;
      refuse(context, `pipeline ${other.name} reads ${shared} too`, 'let one of the two read it', [name, 'source']);
      break;
    }
  }
}
