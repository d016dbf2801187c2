import { z } from 'zod';
import { defaults } from '../defaults.ts';
import { seconds, size, wholeNumber } from '../fields.ts';

/** `query:` limits of one user query. The output has the shape of the engine's limits. */
export function querySection() {
  return z
    .strictObject({
      maxSeconds: seconds({ example: '30' })
        .prefault(defaults.query.maxSeconds)
        .describe('Longest a query may run: seconds, or a duration such as 2m.'),
      maxMemory: size({ leastBytes: 1_000_000, example: '2GB' })
        .prefault(defaults.query.maxMemory)
        .describe('Most memory a query may take: a size such as 512MB, or bytes.'),
      maxRows: wholeNumber({ least: 1, most: 1_000_000_000, example: 1_000_000 })
        .prefault(defaults.query.maxRows)
        .describe('Most rows a query may return.'),
    })
    .transform(({ maxSeconds, maxMemory, maxRows }) => ({
      maxSeconds,
      maxMemoryBytes: maxMemory,
      maxResultRows: maxRows,
    }))
    .prefault({})
    .describe('Limits of user queries.');
}
