import type { ClosedBatch } from '../../../ledger/shipments.ts';
import type { Shipment } from '../../destination.ts';
import { undivided } from '../../test-doubles/undivided.ts';

/** Batches of logs with these lines, in pieces that end anywhere. */
export function madeShipment(lines: Readonly<Record<string, readonly string[]>>): Shipment {
  return {
    batches: Object.entries(lines).map(([batch, { length: logs }]): ClosedBatch => {
      const times = { firstTime: null, lastTime: null, closedAtMs: 7 };
      return { batch, requests: 0, logs, rejects: 0, ...times };
    }),
    read: async function* ({ batch }) {
      const bytes = Buffer.from((lines[batch] ?? []).map((line) => `${line}\n`).join(''));
      for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000);
    },
    divide: undivided,
  };
}

/** Lines of a batch, with their identity. */
export function madeLines(batch: string, count: number, message = 'usual'): string[] {
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({ message: `${message} ${index}`, batch, object: 1, line_number: index + 1 }),
  );
}
