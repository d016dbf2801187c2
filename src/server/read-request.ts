import type { z } from 'zod';
import { nearestName } from '../text/nearest-name.ts';
import { ApiError } from './api-error.ts';

/**
 * Validates a part of a request against its schema.
 * @throws ApiError `TAILRACE_REQUEST_INVALID` that lists every problem
 */
export function readRequest<T extends z.ZodObject>(schema: T, part: 'query' | 'body', value: unknown): z.output<T> {
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  const known = Object.keys(schema.shape);
  const problems = result.error.issues.map((issue) => describe(issue, known));
  throw new ApiError(400, 'TAILRACE_REQUEST_INVALID', `cannot read the ${part}: ${problems.join('; ')}`, {
    remedy: 'See /api/openapi.json for what it may hold.',
  });
}

function describe(issue: z.core.$ZodIssue, known: readonly string[]): string {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `there is no "${key}"; ${suggest(key, known)}`).join('; ');
  }
  const path = issue.path.join('.');
  const message = issue.message
    .replace(/^Invalid input: /, '')
    .replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase());
  return path === '' ? message : `"${path}": ${message}`;
}

function suggest(key: string, known: readonly string[]): string {
  const nearest = nearestName(key, known);
  return nearest === undefined ? `there are ${known.join(', ')}` : `did you mean "${nearest}"?`;
}
