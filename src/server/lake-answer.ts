import { z } from 'zod';
import type { LakeStatus } from '../lake/follow-lake.ts';

const count = (text: string) => z.int().describe(`${text}, since the program started`);

/** State of the lake in an answer. */
export const lakeAnswer = z.strictObject({
  name: z.string().describe('Where it lies: s3://bucket/prefix, or a folder'),
  state: z
    .enum(['retrying', 'starting', 'standby', 'running', 'stopped'])
    .describe('retrying: it or an hour of it cannot be written now; standby: another worker writes it'),
  problem: z.string().nullable().describe('The current problem, in words'),
  lagMs: z
    .number()
    .nullable()
    .describe(
      'Milliseconds since the end of the last hour that is in it with all hours before; null before this worker has looked',
    ),
  counts: z.strictObject({
    hours: count('Hours that were written, also again'),
    rows: count('Rows of these hours'),
    bytes: count('Bytes of their files'),
    failures: count('Times that it could not be reached or written'),
  }),
});

export type LakeAnswer = z.output<typeof lakeAnswer>;

export function describeLake(status: LakeStatus): LakeAnswer {
  const { name, state, problem, hours, rows, bytes, failures } = status;
  return {
    name,
    state,
    problem: problem ?? null,
    lagMs: lakeLagMs(status) ?? null,
    counts: { hours, rows, bytes, failures },
  };
}

/** Since the end of the last hour that is in the lake with all hours before; undefined before the first look. */
export function lakeLagMs({ completeUntilMs }: LakeStatus): number | undefined {
  return completeUntilMs === 0 ? undefined : Date.now() - completeUntilMs;
}
