import { z } from 'zod';
import type { DestinationStatus } from '../destinations/run-destinations.ts';

const count = (text: string) => z.int().describe(`${text}, since the program started`);

/** State of a destination in an answer. What became of each batch is in the table `shipments`. */
export const destinationAnswer = z.strictObject({
  name: z.string().describe('As in the configuration'),
  type: z.string().describe('Type of the destination: archive'),
  state: z
    .enum(['retrying', 'starting', 'standby', 'running', 'stopped'])
    .describe('retrying: it takes nothing now, or a batch is being tried again; standby: another worker ships to it'),
  problem: z.string().nullable().describe('The current problem, in words'),
  waitingBatches: z.int().describe('Batches that are stored and not shipped yet'),
  lagMs: z.number().describe('Milliseconds since the oldest of them was stored; 0 when none waits'),
  lastShippedAt: z.iso.datetime().nullable().describe('When a batch was shipped last; null before the first'),
  counts: z.strictObject({
    batches: count('Batches that were shipped and acknowledged'),
    rows: count('Rows of these batches'),
    refused: count('Rows that the destination did not take'),
    backupBytes: count('Bytes that its backup keeps of these'),
    bytes: count('Bytes of these batches, as they were written'),
    objects: count('Files or objects with these, of archives'),
    retries: count('Attempts that failed, whatever the reason'),
    dead: count('Batches that were given up'),
  }),
});

export type DestinationAnswer = z.output<typeof destinationAnswer>;

export function describeDestination({ name, type, state, problem, counts }: DestinationStatus): DestinationAnswer {
  const { batches, rows, refused, backupBytes, bytes, objects, retries, dead, waiting, lastShippedAtMs } = counts;
  return {
    name,
    type,
    state,
    problem: problem ?? null,
    waitingBatches: waiting,
    lagMs: counts.lagMs(),
    lastShippedAt: lastShippedAtMs === undefined ? null : new Date(lastShippedAtMs).toISOString(),
    counts: { batches, rows, refused, backupBytes, bytes, objects, retries, dead },
  };
}
