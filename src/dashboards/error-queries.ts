import { errorGroups } from '../schema/error-taxonomy.ts';
import type { FieldNames } from './field-names.ts';
import { allOf, anyOf, exists, isAnyOf, isAtLeast, isBetween, without } from './lucene.ts';

/** The errors of the report, in the wide sense. */
export function errorQuery(field: FieldNames): string {
  const [status, result] = [field('status'), field('result')];
  const none = isAnyOf(status, ['0']);
  return without(
    anyOf(
      none,
      isAtLeast(status, 400),
      isAnyOf(result, ['Error', 'LimitExceeded', 'CapacityExceeded', 'LambdaExecutionError']),
    ),
    allOf(none, isAnyOf(field('source_format'), ['waf', 'nlb'])),
  );
}

/** Its groups, of {@link errorQuery}, by title: each without those that the report tries before. */
export function errorGroupQueries(field: FieldNames): Record<string, string> {
  const [status, result, detailed] = [field('status'), field('result'), field('detailed_result')];
  const responseResult = field('response_result');
  const isCause = (causes: readonly string[]) =>
    anyOf(isAnyOf(detailed, causes), without(isAnyOf(result, causes), exists(detailed)));
  const listed = errorGroups.map(({ title, causes }) => [title, isCause(causes)] as const);
  const origin = isCause(['AbortedOrigin', 'Origin*Error']);
  const named = [...listed.map(([, query]) => query), origin];
  const left = without(
    anyOf(
      isAnyOf(status, ['0']),
      without(allOf(isAnyOf(result, ['Error']), exists(responseResult)), isAnyOf(responseResult, ['Error'])),
    ),
    ...named,
  );
  const queries = Object.fromEntries(listed);
  return {
    ...queries,
    'Viewer left': anyOf(queries['Viewer left'] ?? '', left),
    Origin: origin,
    'Passed through': without(isAtLeast(status, 400), ...named, left),
    Other: without(isBetween(status, 0, 399), ...named, left),
  };
}
