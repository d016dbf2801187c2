import { z } from 'zod';
import { defaults } from '../../defaults.ts';
import { fieldNotes } from '../../field-note.ts';
import { filePath } from '../../fields.ts';

export interface FilesSourceConfig {
  readonly type: 'files';
  /** Absolute paths, folders or globs. */
  readonly paths: readonly string[];
  /** What of a file counts that is there when it is first seen. */
  readonly startFrom: (typeof positions)[number];
}

const positions = ['beginning', 'end'] as const;

/** `source: { type: files }` files of this machine, followed as they grow and rotate. */
export function filesSource(baseDirectory: string) {
  const example = '["/var/log/app/*.log"]';
  return z.strictObject({
    type: z.literal('files'),
    paths: z
      .array(filePath(baseDirectory, 'a path or a glob', '/var/log/app/*.log'))
      .min(1)
      .register(fieldNotes, { expects: 'a list of paths, folders or globs', example })
      .describe('Paths, folders or globs, relative to this file.'),
    startFrom: z
      .enum(positions)
      .register(fieldNotes, { expects: `one of ${positions.join(', ')}`, example: defaults.files.startFrom })
      .prefault(defaults.files.startFrom)
      .describe('Whether what a file already holds when it is first seen is taken (beginning) or left (end).'),
  });
}
