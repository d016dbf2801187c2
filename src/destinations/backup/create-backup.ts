import type { S3PlaceOptions } from '../aws/s3-objects.ts';
import type { Backup, BackupOwner } from './backup.ts';
import { FolderBackup, type FolderBackupOptions } from './folder-backup.ts';
import { S3Backup } from './s3-backup.ts';

export type BackupOptions = FolderBackupOptions | S3PlaceOptions;

/** Does no I/O. @param spoolDirectory of the destination alone */
export function createBackup(options: BackupOptions, owner: BackupOwner, spoolDirectory: string): Backup {
  return options.type === 's3' ? new S3Backup(options, owner, spoolDirectory) : new FolderBackup(options, owner);
}
