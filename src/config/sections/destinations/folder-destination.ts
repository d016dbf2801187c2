import { z } from 'zod';
import { type ShippedTable, shippedTables } from '../../../destinations/destination.ts';
import { defaults } from '../../defaults.ts';
import { fieldNotes } from '../../field-note.ts';
import { filePath } from '../../fields.ts';
import { quote } from '../../secrecy.ts';
import { type DeliveryConfig, deliveryKeys } from './delivery-keys.ts';
import type { DestinationKind } from './destination-kind.ts';

export interface FolderDestinationConfig extends DeliveryConfig {
  readonly type: 'folder';
  /** Absolute path. */
  readonly path: string;
  readonly compression: (typeof compressions)[number];
  readonly tables: readonly ShippedTable[];
}

const compressions = ['none', 'gzip'] as const;

/** `{ type: folder }` JSON lines in files of a folder. */
export const folderKind: DestinationKind<FolderDestinationConfig> = {
  section: folderSection,
  shared: (one, other) => (one.path === other.path ? `the folder ${quote(one.path)}` : undefined),
  load: async () => {
    const { createFolderDestination } = await import('../../../destinations/folder/folder-destination.ts');
    return createFolderDestination;
  },
};

function folderSection(baseDirectory: string) {
  const { folder } = defaults.destinations;
  return z.strictObject({
    type: z.literal('folder'),
    path: filePath(baseDirectory, 'a folder', '/srv/logs').describe(
      'Folder, relative to this file; created when it is missing.',
    ),
    compression: z
      .enum(compressions)
      .register(fieldNotes, { expects: `one of ${compressions.join(', ')}`, example: 'gzip' })
      .prefault(folder.compression)
      .describe('Whether files are compressed: none or gzip.'),
    tables: z
      .array(z.enum(shippedTables))
      .min(1)
      .register(fieldNotes, { expects: `a list of ${shippedTables.join(', ')}`, example: '[requests, logs]' })
      .prefault([...folder.tables])
      .describe('Whose rows are written: requests, logs, rejects.'),
    ...deliveryKeys(),
  });
}
