import type { Filter } from '../filters/filter.ts';
import { parseFilter } from '../filters/parse-filter.ts';
import { requestFields } from '../filters/request-fields.ts';
import type { Alert } from './alert.ts';
import type { Labels } from './instance.ts';

/** The requests that an instance is about: the filter of its alert, and its labels that are fields of requests. */
export function filterFor({ filter = '' }: Pick<Alert, 'filter'>, labels: Labels): Filter {
  const byLabels = Object.entries(labels)
    .filter(([name]) => requestFields.byName.has(name))
    .map(([field, value]) => ({ field, isNegated: false, tests: [{ is: 'value', value } as const] }));
  return [...parseFilter(filter, requestFields), ...byLabels];
}
