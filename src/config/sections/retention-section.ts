import { z } from 'zod';
import { defaults } from '../defaults.ts';
import { lifetime, size } from '../fields.ts';

/** `retention:` how much is kept, by event time or by size; null means everything. */
export function retentionSection() {
  return z
    .strictObject({
      requests: lifetime({ example: '90d' })
        .prefault(defaults.retention.requests)
        .describe('How long access log rows are kept, e.g. 90d, or forever.'),
      logs: lifetime({ example: '30d' })
        .prefault(defaults.retention.logs)
        .describe('How long application log rows are kept, e.g. 30d, or forever.'),
      rejects: lifetime({ example: '30d' })
        .prefault(defaults.retention.rejects)
        .describe('How long rejected lines are kept, e.g. 30d, or forever.'),
      requestsSize: mostBytes('access log rows'),
      logsSize: mostBytes('application log rows'),
      rejectsSize: mostBytes('rejected lines'),
    })
    .transform(({ requests, logs, rejects, requestsSize, logsSize, rejectsSize }) => ({
      requests: { seconds: requests, bytes: requestsSize ?? null },
      logs: { seconds: logs, bytes: logsSize ?? null },
      rejects: { seconds: rejects, bytes: rejectsSize ?? null },
    }))
    .prefault({})
    .describe('How long rows are kept, and how many; older ones are deleted.');
}

function mostBytes(what: string) {
  return size({ leastBytes: 1024 ** 2, example: '200GB' })
    .exactOptional()
    .describe(`How many bytes ${what} may take on disk, e.g. 200GB; the oldest days go first, today stays.`);
}
