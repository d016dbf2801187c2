import { fieldOfColumn } from '../destinations/opensearch/document-fields.ts';
import type { Naming } from '../destinations/opensearch/field-naming.ts';

/** Name that a column of `requests` has in the documents. */
export type FieldNames = (column: string) => string;

export function fieldNames(naming: Naming): FieldNames {
  return (column) => fieldOfColumn(column, naming).name;
}

/** How the documents have `duration`: units in a second, and how to show it in seconds. */
export interface DurationUnit {
  readonly perSecond: number;
  readonly format: object;
}

export const seconds: DurationUnit = { perSecond: 1, format: { id: 'number', params: { pattern: '0.000' } } };

export function durationUnit(naming: Naming): DurationUnit {
  if (naming !== 'ecs') return seconds;
  const params = { inputFormat: 'nanoseconds', outputFormat: 'asSeconds', outputPrecision: 3 };
  return { perSecond: 1e9, format: { id: 'duration', params } };
}
