import { SQLDialect } from '@codemirror/lang-sql';

/** Words of a SELECT in ClickHouse, and the functions that are asked for most; all of them are completed. */
export const clickhouseDialect = SQLDialect.define({
  keywords:
    'select from where and or not in group by order limit with as having distinct desc asc union all join left inner cross on using case when then else end is null like ilike between interval fill step to array over partition prewhere filter describe show explain rollup totals cube offset ties first last nulls any asof semi anti',
  builtin:
    'count countIf sum sumIf avg min max any argMax argMin uniq uniqExact quantile quantiles topK groupArray groupUniqArray toStartOfMinute toStartOfHour toStartOfDay toStartOfInterval toDate toDateTime toUInt64 toString now today dateDiff formatDateTime round floor intDiv if multiIf coalesce lower upper length substring splitByChar position match extract replaceAll startsWith endsWith domain arrayJoin arrayMap arrayFilter has mapKeys mapValues formatReadableSize bar',
  types:
    'String UInt8 UInt16 UInt32 UInt64 Int64 Float64 DateTime DateTime64 Date Nullable LowCardinality Array Map Bool',
  backslashEscapes: true,
  identifierQuotes: '`"',
  hashComments: false,
  slashComments: true,
  spaceAfterDashes: false,
  caseInsensitiveIdentifiers: false,
});
