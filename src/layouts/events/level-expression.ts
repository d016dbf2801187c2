import type { LevelRule } from '../../formats/event-row.ts';
import { isLike } from '../line-characters.ts';
import type { RawField } from '../raw-field.ts';
import { shownValue } from './template-expression.ts';

/** SQL of the level given by the first rule that matches. */
export function levelExpression(rules: readonly LevelRule[], fields: readonly RawField[]): string {
  const branches = rules.flatMap(({ level, field, pattern }) => {
    const value = shownValue(field, fields);
    if (value === "''") return [];
    return [`${pattern === undefined ? `${value} != ''` : isLike(value, pattern)}, '${level}'`];
  });
  return branches.length === 0 ? "'INFO'" : `multiIf(${branches.join(', ')}, 'INFO')`;
}
