import { z } from 'zod';
import { fieldNotes } from '../../field-note.ts';
import { type SourceConfig, sourceKinds } from './source-kinds.ts';

/** `source:` of a pipeline. Its output is {@link SourceConfig}. */
export function sourceSection(baseDirectory: string) {
  const [first, ...others] = Object.values(sourceKinds).map(({ section }) => section(baseDirectory));
  if (first === undefined) throw new Error('BUG: there is no source');
  return z
    .discriminatedUnion('type', [first, ...others])
    .register(fieldNotes, {
      expects: 'a mapping with a type',
      example: '{ type: files, paths: ["/var/log/app/*.log"] }',
    })
    .describe('Where the lines come from.');
}
