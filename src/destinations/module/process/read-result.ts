import type { ModuleAnswer } from '../messages.ts';
import type { FailedRow } from '../user-module.ts';

const mostReasonCharacters = 1000;
const expected = 'return nothing, or { failed: [{ index, reason, retry }] }';

/**
 * What `write` returned. Whatever else it is, such as the answer of a service, may tell of rows that were not taken: it is a
 * fault, not a success.
 */
export function readResult(result: unknown, rows: number): ModuleAnswer {
  if (result === undefined) return { failed: [] };
  const { failed } = (result ?? {}) as { readonly failed?: unknown };
  if (!Array.isArray(failed)) return { fault: `write returned ${nameOf(result)}; ${expected}` };
  const read: FailedRow[] = [];
  const known = new Set<number>();
  for (const row of failed as readonly (Partial<FailedRow> | null)[]) {
    if (row === null) return { fault: `write returned a failed row that is null; ${expected}` };
    const { index, reason, retry = false } = row;
    if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= rows)
      return { fault: `write returned a failed row with index ${index}; the index is a position in rows, from 0` };
    if (typeof retry !== 'boolean')
      return { fault: `write returned a failed row whose retry is ${retry}; ${expected}` };
    if (known.has(index)) continue;
    known.add(index);
    read.push({ index, reason: String(reason ?? 'no reason given').slice(0, mostReasonCharacters), retry });
  }
  return { failed: read };
}

function nameOf(value: unknown): string {
  if (value === null || typeof value !== 'object') return String(value);
  return `an object ${value.constructor?.name ?? ''} without failed`.replace(' Object', '');
}
