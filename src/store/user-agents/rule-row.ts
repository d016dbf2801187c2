/** What a rule determines; one dictionary each, named `user_agent_<list>`. */
export type RuleList = 'browser' | 'os' | 'device' | 'class' | 'bot';

export const ruleLists: readonly RuleList[] = ['browser', 'os', 'device', 'class', 'bot'];

/** One node of a `regexp_tree` dictionary. The smallest matching id of a list wins. */
export interface RuleRow {
  readonly list: RuleList;
  readonly id: number;
  /** RE2 syntax, unanchored, case-sensitive. */
  readonly regexp: string;
  /** The parts of the answer, separated by {@link partSeparator}; `\1` to `\9` stand for groups. */
  readonly result: string;
}

/**
 * All parts of an answer share one attribute, because each requested attribute runs the winning regular
 * expression again, and a tuple of attributes cannot be LowCardinality, so it would run per row.
 */
export const partSeparator = '\x1f';

/** Numbers rules in the given order, after one that gives an absent user agent empty parts. */
export function ruleRows(list: RuleList, rules: readonly (readonly [regexp: string, result: string])[]): RuleRow[] {
  const absent: readonly [string, string] = ['^-?$', ''];
  return [absent, ...rules].map(([regexp, result], index) => ({ list, id: index + 1, regexp, result }));
}
