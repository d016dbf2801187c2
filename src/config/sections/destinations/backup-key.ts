import { z } from 'zod';
import type { Backup } from '../../../destinations/backup/backup.ts';
import type { BackupOptions } from '../../../destinations/backup/create-backup.ts';
import { fieldNotes } from '../../field-note.ts';
import { filePath, text } from '../../fields.ts';
import { awsAccess, bucketName } from '../sources/aws-access.ts';
import type { DestinationOwn } from './destination-kind.ts';

/** Key `backup`. */
export function backupKey(baseDirectory: string) {
  return z
    .discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('folder'),
        path: filePath(baseDirectory, 'a folder', '/srv/refused').describe(
          'Folder, relative to this file; created when it is missing.',
        ),
      }),
      z.strictObject({
        type: z.literal('s3'),
        bucket: bucketName().describe('Bucket that takes an object for each batch.'),
        prefix: text('how the keys begin', 'edge/').exactOptional().describe('How the keys begin.'),
        ...awsAccess(),
      }),
    ])
    .register(fieldNotes, { expects: 'a mapping with a type', example: '{ type: folder, path: /srv/refused }' })
    .exactOptional()
    .describe('Keeps what is refused for good; without it its batch is given up after some attempts.');
}

/** Loads the code of the backups. @returns what a destination has in place of the section */
export async function loadBackup(failure: string) {
  const { createBackup } = await import('../../../destinations/backup/create-backup.ts');
  return (backup: BackupOptions | undefined, { name, spoolDirectory }: DestinationOwn): { readonly backup?: Backup } =>
    backup ? { backup: createBackup(backup, { failure, destination: name }, spoolDirectory) } : {};
}
