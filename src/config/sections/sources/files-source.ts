import { z } from 'zod';
import { globsOverlap } from '../../../text/globs-overlap.ts';
import { defaults } from '../../defaults.ts';
import { fieldNotes } from '../../field-note.ts';
import { filePath } from '../../fields.ts';
import { quote } from '../../secrecy.ts';
import type { SourceKind } from './source-kind.ts';

export interface FilesSourceConfig {
  readonly type: 'files';
  /** Absolute paths, folders or globs. */
  readonly paths: readonly string[];
  /** Where to start in a file that already has content when it is first seen. */
  readonly startFrom: (typeof positions)[number];
}

const positions = ['beginning', 'end'] as const;

/** `source: { type: files }` files on this machine, followed as they grow and rotate. */
export const filesKind: SourceKind<FilesSourceConfig> = {
  section: filesSection,
  shared: sharedFiles,
  load: async () => {
    const { createFilesSource } = await import('../../../sources/files/files-source.ts');
    return ({ paths, startFrom }, { pipeline }) => createFilesSource({ pipeline, paths, startFrom });
  },
};

function filesSection(baseDirectory: string) {
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

function sharedFiles(one: FilesSourceConfig, other: FilesSourceConfig): string | undefined {
  for (const path of one.paths) {
    const same = other.paths.find((pattern) => globsOverlap(path, pattern));
    if (same !== undefined)
      return path === same ? `files of ${quote(path)}` : `files that both ${quote(path)} and ${quote(same)} lead to`;
  }
  return undefined;
}
