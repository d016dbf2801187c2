import { z } from 'zod';
import type { BackupOptions } from '../../../destinations/backup/create-backup.ts';
import type { ModuleOptions } from '../../../destinations/module/module-destination.ts';
import { defaults } from '../../defaults.ts';
import { fieldNotes } from '../../field-note.ts';
import { duration, filePath, size, wholeNumber } from '../../fields.ts';
import { backupGrants, backupKey, loadBackup } from './backup-key.ts';
import { type DeliveryConfig, deliveryKeys, tablesKey } from './delivery-keys.ts';
import type { DestinationKind } from './destination-kind.ts';

export interface ModuleDestinationConfig extends DeliveryConfig, Omit<ModuleOptions, 'backup'> {
  readonly type: 'module';
  readonly backup?: BackupOptions;
}

const suffixes = ['.ts', '.mts', '.js', '.mjs', '.cjs'];

/** `{ type: module }` rows for the user's own code. */
export const moduleKind: DestinationKind<ModuleDestinationConfig> = {
  section: moduleSection,
  // Where its rows go, only the code knows.
  shared: () => undefined,
  grants: backupGrants,
  load: async () => {
    const { createModuleDestination } = await import('../../../destinations/module/module-destination.ts');
    const openBackup = await loadBackup('module-failed');
    return ({ backup, ...config }, own) => createModuleDestination({ ...config, ...openBackup(backup, own) });
  },
};

function moduleSection(baseDirectory: string) {
  const { module } = defaults.destinations;
  return z
    .strictObject({
      type: z.literal('module'),
      path: filePath(baseDirectory, 'a file of TypeScript or JavaScript', './my-destination.ts', suffixes).describe(
        'Your TypeScript or JavaScript file, relative to this file.',
      ),
      tables: tablesKey(module.tables),
      batchRows: wholeNumber({ least: 1, most: 10_000, example: 10 })
        .prefault(module.batchRows)
        .describe('Most rows of a call of write.'),
      maxBytes: size({ leastBytes: 1000, mostBytes: 64 * 1024 ** 2, example: '1MB' })
        .prefault(module.maxBytes)
        .describe('Most bytes of its rows, as JSON. A row that is longer comes alone.'),
      timeout: duration({ leastMs: 100, mostMs: 600_000, example: '30s' })
        .prefault(module.timeout)
        .describe('How long a call may take. After that its process is killed.'),
      attempts: wholeNumber({ least: 1, most: 100, example: 5 })
        .prefault(module.attempts)
        .describe('How often rows are written, with pauses of up to 30 s, before they count as refused.'),
      maxMemory: size({ leastBytes: 128 * 1024 ** 2, mostBytes: 64 * 1024 ** 3, example: '512MB' })
        .prefault(module.maxMemory)
        .describe('Most memory of its process. With more it is killed.'),
      env: z
        .array(
          z
            .string()
            .regex(/^\w+\*?$/)
            .register(fieldNotes, { expects: 'a name, or the start of names and "*"', example: 'AWS_*' }),
        )
        .register(fieldNotes, { expects: 'a list of names of variables', example: '[QUEUE_URL, "AWS_*"]' })
        .exactOptional()
        .describe(
          'Environment variables that it sees, besides harmless ones such as PATH; AWS_* is all that begin so.',
        ),
      options: z
        .record(z.string(), z.unknown())
        .register(fieldNotes, { expects: 'a mapping', example: '{ queue: "https://…" }', secret: true })
        .exactOptional()
        .describe('Passed to your code.'),
      backup: backupKey(baseDirectory),
      ...deliveryKeys(),
    })
    .transform(
      ({ timeout, env = [], options = {}, ...rest }): ModuleDestinationConfig => ({
        ...rest,
        env,
        options,
        timeoutMs: timeout,
      }),
    );
}
