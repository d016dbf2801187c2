import type { z } from 'zod';
import { judgeDefinition } from '../config/judge-definition.ts';
import { ApiError } from './api-error.ts';

/**
 * Reads a part of a body that has the form of an entry of tailrace.yaml.
 * @param name what messages call it
 * @throws ApiError `TAILRACE_REQUEST_INVALID` that says of each problem what to do
 */
export function readDefinition<T extends z.ZodType>(name: string, schema: T, written: unknown): z.output<T> {
  const judged = judgeDefinition(name, schema, written);
  if ('value' in judged) return judged.value;
  throw new ApiError(400, 'TAILRACE_REQUEST_INVALID', judged.problems.join('\n'), {
    remedy: 'Write it as an entry of tailrace.yaml; see docs/configuration.md.',
  });
}
