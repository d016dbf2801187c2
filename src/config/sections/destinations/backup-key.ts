import { z } from 'zod';
import { s3WriteGrants } from '../../../destinations/aws/s3-grants.ts';
import type { Backup } from '../../../destinations/backup/backup.ts';
import type { BackupOptions } from '../../../destinations/backup/create-backup.ts';
import type { AwsGrant } from '../../../sources/aws/aws-grant.ts';
import { fieldNotes } from '../../field-note.ts';
import type { DestinationOwn } from './destination-kind.ts';
import { places } from './place-key.ts';

/** Key `backup`. */
export function backupKey(baseDirectory: string) {
  const { folder, s3 } = places(baseDirectory, '/srv/refused');
  return z
    .discriminatedUnion('type', [folder, s3])
    .register(fieldNotes, { expects: 'a mapping with a type', example: '{ type: folder, path: /srv/refused }' })
    .exactOptional()
    .describe('Keeps what is refused for good; without it its batch is given up after some attempts.');
}

/** What AWS must allow for the backup of a destination. */
export function backupGrants({ backup }: { readonly backup?: BackupOptions }): readonly AwsGrant[] {
  return backup?.type === 's3' ? s3WriteGrants({ ...backup, removes: true }) : [];
}

/** Loads the code of the backups. @returns what a destination has in place of the section */
export async function loadBackup(failure: string) {
  const { createBackup } = await import('../../../destinations/backup/create-backup.ts');
  return (backup: BackupOptions | undefined, { name, spoolDirectory }: DestinationOwn): { readonly backup?: Backup } =>
    backup ? { backup: createBackup(backup, { failure, destination: name }, spoolDirectory) } : {};
}
