import { lineKinds } from '../schema/line-kinds.ts';
import { talliesViewOf } from './tables.ts';
import { changeView } from './views.ts';

const excluded = `,\n    countIf(kind = ${lineKinds.excluded}) AS excluded`;

/** Lines that a person wants left out are received, and counted apart. */
export const excludedLines: readonly string[] = [
  'ALTER TABLE tallies ADD COLUMN IF NOT EXISTS excluded SimpleAggregateFunction(sum, UInt64)',
  changeView(talliesViewOf('landing', excluded)),
  changeView(talliesViewOf('landing_logs', `,\n    countIf(kind = ${lineKinds.row}) AS log_rows${excluded}`)),
  `ALTER TABLE ledger ADD COLUMN IF NOT EXISTS
     excluded UInt64 COMMENT 'Lines that the rules of the input leave out' AFTER comments`,
];
