import { z } from 'zod';
import type { SourceKind } from './source-kind.ts';

export interface StdinSourceConfig {
  readonly type: 'stdin';
}

/** `source: { type: stdin }` lines from standard input. */
export const stdinKind: SourceKind<StdinSourceConfig> = {
  section: () => z.strictObject({ type: z.literal('stdin') }),
  shared: () => 'standard input',
  load: async () => {
    const { createStdinSource } = await import('../../../sources/stdin/stdin-source.ts');
    return (_, { pipeline }) => createStdinSource({ pipeline });
  },
};
