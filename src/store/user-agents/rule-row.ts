/** Which question a rule answers; one dictionary each, named `user_agent_<list>`. */
export type RuleList = 'browser' | 'os' | 'device' | 'class' | 'bot';

export const ruleLists: readonly RuleList[] = ['browser', 'os', 'device', 'class', 'bot'];

/** One node of a `regexp_tree` dictionary. Among the matching ones the smallest id of a list wins. */
export interface RuleRow {
  readonly list: RuleList;
  readonly id: number;
  /** RE2 syntax, unanchored, case-sensitive. */
  readonly regexp: string;
  /** The parts of the answer behind each other, separated by {@link partSeparator}; `\1` to `\9` stand for groups. */
  readonly result: string;
}

/**
 * All parts of an answer travel in one attribute, because each attribute that is asked for runs the winning regular
 * expression again, and a tuple of attributes cannot be LowCardinality, so that it would run for each row.
 */
export const partSeparator = '\x1f';

/** Numbers rules in the order given, behind one that gives the absent user agent empty parts. */
export function ruleRows(list: RuleList, rules: readonly (readonly [regexp: string, result: string])[]): RuleRow[] {
  const absent: readonly [string, string] = ['^-?$', ''];
  return [absent, ...rules].map(([regexp, result], index) => ({ list, id: index + 1, regexp, result }));
}
