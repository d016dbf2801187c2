import { z } from 'zod';
import { fieldNotes } from '../../field-note.ts';
import { type FilesSourceConfig, filesSource } from './files-source.ts';
import { type KinesisSourceConfig, kinesisSource } from './kinesis-source.ts';
import { type S3SourceConfig, s3Source } from './s3-source.ts';

/** Where the lines of a pipeline come from; `type` tells which. */
export type SourceConfig = KinesisSourceConfig | S3SourceConfig | FilesSourceConfig | StdinSourceConfig;

export interface StdinSourceConfig {
  readonly type: 'stdin';
}

/** `source:` of a pipeline. Its output is {@link SourceConfig}. */
export function sourceSection(baseDirectory: string) {
  return z
    .discriminatedUnion('type', [
      kinesisSource(),
      s3Source(),
      filesSource(baseDirectory),
      z.strictObject({ type: z.literal('stdin') }),
    ])
    .register(fieldNotes, {
      expects: 'a mapping with a type',
      example: '{ type: files, paths: ["/var/log/app/*.log"] }',
    })
    .describe('Where the lines come from.');
}
