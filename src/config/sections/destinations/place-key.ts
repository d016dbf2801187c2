import { z } from 'zod';
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
