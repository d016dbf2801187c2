import { z } from 'zod';
import { defaults } from '../defaults.ts';
import { lifetime } from '../fields.ts';

/** `retention:` how long rows are kept, by event time; null means forever. */
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
    })
    .transform(({ requests, logs, rejects }) => ({
      requestsSeconds: requests,
      logsSeconds: logs,
      rejectsSeconds: rejects,
    }))
    .prefault({})
    .describe('How long rows are kept; older ones are deleted.');
}
