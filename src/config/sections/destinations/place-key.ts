import { z } from 'zod';
import { storageClasses } from '../../../destinations/archive/storage-classes.ts';
import { fieldNotes } from '../../field-note.ts';
import { filePath, text } from '../../fields.ts';
import { awsAccess, bucketName } from '../sources/aws-access.ts';

/** Sections of a folder and of a bucket, as places that something is kept in. @param example `/srv/refused` */
export function places(baseDirectory: string, example: string) {
  return {
    folder: z.strictObject({
      type: z.literal('folder'),
      path: filePath(baseDirectory, 'a folder', example).describe(
        'Folder, relative to this file; created when it is missing.',
      ),
    }),
    s3: z.strictObject({
      type: z.literal('s3'),
      bucket: bucketName().describe('Bucket that takes the objects.'),
      prefix: text('how the keys begin', 'edge/').exactOptional().describe('How the keys begin.'),
      ...awsAccess(),
    }),
  };
}

/** Keys of a bucket whose objects stay for long. */
export function storedObjectKeys() {
  return {
    storageClass: z
      .enum(storageClasses)
      .register(fieldNotes, { expects: `one of ${storageClasses.join(', ')}`, example: 'STANDARD_IA' })
      .exactOptional()
      .describe(`Storage class: ${storageClasses.join(', ')}; without it STANDARD.`),
    kmsKey: text('the ARN of a key', 'arn:aws:kms:us-east-1:123456789012:key/1234abcd')
      .regex(/^(?:arn:aws[a-z-]*:kms:\S+|[\w/-]+)$/)
      .exactOptional()
      .describe("Key of KMS that encrypts the objects; without it the bucket's own encryption applies."),
  };
}
