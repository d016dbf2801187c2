import { z } from 'zod';
import type { ShippedTable } from '../../../destinations/destination.ts';
import { defaults } from '../../defaults.ts';
import { filePath } from '../../fields.ts';
import { quote } from '../../secrecy.ts';
import { type Compression, compressionKey, type DeliveryConfig, deliveryKeys, tablesKey } from './delivery-keys.ts';
import type { DestinationKind } from './destination-kind.ts';

export interface FolderDestinationConfig extends DeliveryConfig {
  readonly type: 'folder';
  /** Absolute path. */
  readonly path: string;
  readonly compression: Compression;
  readonly tables: readonly ShippedTable[];
}

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
    compression: compressionKey(folder.compression),
    tables: tablesKey(folder.tables),
    ...deliveryKeys(),
  });
}
