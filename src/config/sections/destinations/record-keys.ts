import type { RecordOptions } from '../../../destinations/aws/record-destination.ts';
import type { BackupOptions } from '../../../destinations/backup/create-backup.ts';
import { size } from '../../fields.ts';
import { backupKey } from './backup-key.ts';
import { type DeliveryConfig, deliveryKeys, tablesKey } from './delivery-keys.ts';

export interface RecordConfig extends DeliveryConfig, Omit<RecordOptions, 'backup'> {
  readonly backup?: BackupOptions;
}

/** Keys of destinations that put rows into records. */
export function recordKeys(
  baseDirectory: string,
  { tables, recordSize }: { tables: RecordOptions['tables']; recordSize: string },
) {
  return {
    tables: tablesKey(tables),
    recordSize: size({ leastBytes: 1, mostBytes: 1000_000, example: '25KB' })
      .prefault(recordSize)
      .describe('Rows are gathered into records of at most so many bytes, up to 1MB. 1B: each row is a record.'),
    backup: backupKey(baseDirectory),
    ...deliveryKeys(),
  };
}
