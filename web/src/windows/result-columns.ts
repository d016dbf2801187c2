import type { WindowAnswer } from '../../../src/server/window-answer.ts';
import type { Unit } from '../format/quantity.ts';

export type ResultColumn = NonNullable<WindowAnswer['columns']>[number];

const numberTypes = /^(?:LowCardinality\()?(?:Nullable\()?(?:U?Int\d|Float|Decimal)/;

export function isNumber({ type }: ResultColumn): boolean {
  return numberTypes.test(type);
}

/** Whether values of rows make sense when they are added up: counts and sums are whole, means and percentiles are not. */
export function isAdditive({ type }: ResultColumn): boolean {
  return /U?Int\d/.test(type);
}

export function unitOf(column: ResultColumn): Unit {
  if (/(?:^|_)bytes(?:_|$)/.test(column.name)) return 'bytes';
  return isAdditive(column) ? 'count' : 'number';
}
