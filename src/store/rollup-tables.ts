import { isCacheable, isHit } from '../schema/cache-outcome.ts';
import { isLate } from '../schema/lateness.ts';
import { openDamaged, opensDamaged } from './tables.ts';

/** A column of a rollup. */
export interface RolledColumn {
  readonly type: string;
  /** SQL over rows of `requests`. */
  readonly ofRows: string;
  /** SQL over hours of the rollup, for a day; absent for a column that it is grouped by. */
  readonly ofHours?: string;
  /** Values that its reports do not tell apart are one: it cannot be filtered by. */
  readonly isCoarse?: true;
}

/** Sums of `requests` by hour and by day. */
export interface Rollup {
  readonly table: string;
  /** The projection `by_minute` of `requests` has all columns: its sums are read instead of rows. */
  readonly isFromMinutes?: true;
  /**
   * A list of so many values with the greatest weight, when there are too many to keep all of them. Its first row has the
   * rows of all values, the others 0; `unlisted` is what a value that is not listed weighs at most.
   */
  readonly most?: number;
  /** It may be as large as the rows: blocks in which it would be are listed without it. */
  readonly isOptional?: true;
  /** The rollup of finer groups that its hours are summed up from; from rows where a block was listed without that one. */
  readonly from?: ScopedRollupName;
  /** Rows that are read together at least; few where a sketch in each takes kilobytes. */
  readonly granule?: number;
  /** What it is grouped by besides the time. */
  readonly keys: Readonly<Record<string, RolledColumn>>;
  readonly measures: Readonly<Record<string, RolledColumn>>;
}

const token = (ofRows: string): RolledColumn => ({ type: 'LowCardinality(String)', ofRows });
const sum = (type: string, ofRows: string, name: string) => ({ type, ofRows, ofHours: `sum(${name})` });

const scope = { distribution: token('distribution'), host: token('host') };
const rows = { rows: sum('UInt64', 'count()', 'rows') };
const weight = { weight: sum('Float64', 'sum(100 / sampling_rate)', 'weight') };
const bytes = { weighted_bytes: sum('Float64', 'sum(bytes_sent * 100 / sampling_rate)', 'weighted_bytes') };
const errors = { error_weight: sum('Float64', 'sumIf(100 / sampling_rate, status >= 400)', 'error_weight') };
const times = {
  first_time: { type: "DateTime64(3, 'UTC')", ofRows: 'min(time)', ofHours: 'min(first_time)' },
  last_time: { type: "DateTime64(3, 'UTC')", ofRows: 'max(time)', ofHours: 'max(last_time)' },
};

/** A superset of the errors of the report; the other rows are one group. */
const canBeError =
  "(status = 0 OR status >= 400 OR result NOT IN ('Hit', 'RefreshHit', 'OriginShieldHit', 'Miss', 'MissGeneratedResponse', 'Redirect'))";
/** Reports over it read errors alone, of which it has all values. */
const ofError = (name: string) => token(`if(${canBeError}, ${name}, '')`);

const rollupsByScope = {
  outcomes: {
    table: 'rollup_outcomes',
    isFromMinutes: true,
    keys: {
      ...scope,
      method: token('method'),
      status: { type: 'UInt16', ofRows: 'status' },
      result: token('result'),
      response_result: token('response_result'),
      is_bot: { type: 'Bool', ofRows: 'is_bot' },
    },
    measures: { ...rows, ...weight, ...bytes, ...times },
  },
  errors: {
    table: 'rollup_errors',
    keys: {
      ...scope,
      status: { type: 'UInt16', ofRows: `if(${canBeError}, status, 200)` },
      result: ofError('result'),
      response_result: ofError('response_result'),
      detailed_result: ofError('detailed_result'),
      source_format: ofError('source_format'),
    },
    measures: { ...rows, ...weight, ...times },
  },
  /** Few groups, because a sketch takes some kilobytes: results that no report tells apart are one. */
  ttfb: {
    table: 'rollup_ttfb',
    keys: {
      ...scope,
      result: {
        ...token("multiIf(result IN ('Hit', 'RefreshHit'), 'Hit', result = 'Miss', 'Miss', '')"),
        isCoarse: true,
      },
    },
    measures: {
      ...rows,
      ttfb: {
        type: 'AggregateFunction(quantilesTDigest(0.5, 0.9, 0.95, 0.99), Nullable(Float32))',
        ofRows: 'quantilesTDigestState(0.5, 0.9, 0.95, 0.99)(ttfb)',
        ofHours: 'quantilesTDigestMergeState(0.5, 0.9, 0.95, 0.99)(ttfb)',
      },
    },
  },
  /** How far the others can be believed. */
  completeness: {
    table: 'rollup_completeness',
    keys: scope,
    measures: {
      ...rows,
      late_rows: sum('UInt64', `countIf(${isLate})`, 'late_rows'),
      sampled_rows: sum('UInt64', 'countIf(sampling_rate < 100)', 'sampled_rows'),
    },
  },
  /** How many different addresses: a state takes as much as the addresses, at most 96 KiB. */
  viewers: {
    table: 'rollup_viewers',
    keys: scope,
    measures: {
      ...rows,
      addresses: {
        type: 'AggregateFunction(uniqCombined, String)',
        ofRows: 'uniqCombinedState(client_ip)',
        ofHours: 'uniqCombinedMergeState(addresses)',
      },
    },
  },
  /** Who asked from where with what: one scan for many panels, since a viewer nearly always has one of each. */
  clients: {
    table: 'rollup_clients',
    isOptional: true,
    keys: {
      ...scope,
      client_ip: { type: 'String', ofRows: 'client_ip' },
      edge_location: token('edge_location'),
      country: token('country'),
      is_bot: { type: 'Bool', ofRows: 'is_bot' },
      browser: { ...token("if(is_bot, '', browser)"), isCoarse: true },
      bot: token('bot'),
      bot_category: token('bot_category'),
    },
    measures: {
      ...rows,
      ...weight,
      ...bytes,
      ...errors,
    },
  },
  paths: {
    table: 'rollup_paths',
    most: 1000,
    keys: { path: { type: 'String', ofRows: 'path' } },
    measures: {
      ...rows,
      ...weight,
      ...bytes,
      cacheable_weight: sum('Float64', `sumIf(100 / sampling_rate, ${isCacheable})`, 'cacheable_weight'),
      hit_weight: sum('Float64', `sumIf(100 / sampling_rate, ${isCacheable} AND ${isHit})`, 'hit_weight'),
      ...errors,
      unlisted: { type: 'Float64', ofRows: 'toFloat64(0)' },
    },
  },
} as const satisfies Record<string, Omit<Rollup, 'from'>>;

type ScopedRollupName = keyof typeof rollupsByScope;
type FinelyMade = Rollup & Required<Pick<Rollup, 'from'>>;

/** Of all distributions and hosts together, as most questions are: a fraction of the groups, and only those of one panel. */
const rollupsOfAll = {
  outcomesOfAll: { ...withoutScope('outcomes'), table: 'rollup_all_outcomes', granule: 512 },
  errorsOfAll: { ...withoutScope('errors'), table: 'rollup_all_errors' },
  ttfbOfAll: { ...withoutScope('ttfb'), table: 'rollup_all_ttfb', granule: 16 },
  viewersOfAll: { ...withoutScope('viewers'), table: 'rollup_all_viewers', granule: 1 },
  edgesOfAll: ofClients('rollup_all_edges', ['edge_location']),
  countriesOfAll: ofClients('rollup_all_countries', ['country']),
  agentsOfAll: ofClients('rollup_all_agents', ['is_bot', 'browser', 'bot', 'bot_category']),
} as const satisfies Record<string, FinelyMade>;

export const rollupsByName = { ...rollupsByScope, ...rollupsOfAll };

export type RollupName = keyof typeof rollupsByName;

function withoutScope(from: ScopedRollupName): Omit<FinelyMade, 'table'> {
  const { table: _, ...rollup }: Rollup = rollupsByScope[from];
  const { distribution: _distribution, host: _host, ...keys } = rollup.keys;
  return { ...rollup, from, keys };
}

function ofClients(table: string, names: readonly (keyof typeof rollupsByScope.clients.keys)[]): FinelyMade {
  const { keys } = rollupsByScope.clients;
  return {
    table,
    from: 'clients',
    granule: 1024,
    keys: Object.fromEntries(names.map((name) => [name, keys[name]])),
    measures: { ...rows, ...weight, ...bytes },
  };
}

export const rollupTables: readonly string[] = [
  `CREATE TABLE rollup_blocks (
     start DateTime('UTC') COMMENT 'First hour',
     hours UInt8 COMMENT 'Length: 1 or 24',
     rows UInt64 COMMENT 'Rows of requests that it sums up',
     fingerprint UInt64 COMMENT 'Their identity; the block is used while requests has the same',
     block UInt64 COMMENT 'As in the rollups',
     built_at DateTime('UTC'),
     lacks_clients Bool COMMENT 'Whether rollup_clients, with nearly as many rows as requests, was left out'
   )
   ENGINE = MergeTree
   ORDER BY (hours, start)
   ${opensDamaged}`,
  ...Object.values(rollupsByName).map(tableOf),
];

/** The engine refuses a block of rows of more than a hundred days by default. */
const ofManyDays = 'SETTINGS max_partitions_per_insert_block = 0';

/** Blocks of older stores are completed from their own sums. One that a crash fills twice is found damaged, and built again. */
export const viewersUpgrade: readonly string[] = [
  `ALTER TABLE rollup_blocks ADD COLUMN IF NOT EXISTS
     lacks_clients Bool COMMENT 'Whether rollup_clients, with nearly as many rows as requests, was left out'`,
  tableOf(rollupsByName.viewers),
  `INSERT INTO rollup_viewers (block, start, hours, built_at, distribution, host, rows, addresses)
   SELECT block, start, hours, built_at, distribution, host, sum(rows), uniqCombinedState(client_ip)
   FROM rollup_clients
   GROUP BY block, start, hours, built_at, distribution, host
   ${ofManyDays}`,
];

/** Blocks of older stores are completed from rows. One whose rows have changed is found damaged, and built again. */
export const completenessUpgrade: readonly string[] = [
  tableOf(rollupsByName.completeness),
  `INSERT INTO rollup_completeness (block, start, hours, built_at, distribution, host, rows, late_rows, sampled_rows)
   SELECT block, start, hours, any(built_at), distribution, host, sum(rows_of_hour), sum(late_of_hour), sum(sampled_of_hour)
   FROM (
     SELECT
       arrayJoin([(1, hour), (24, toStartOfDay(hour))]) AS period, toUInt8(period.1) AS hours, period.2 AS start,
       distribution, host, rows_of_hour, late_of_hour, sampled_of_hour
     FROM (
       SELECT
         toStartOfHour(time) AS hour, distribution, host,
         count() AS rows_of_hour, countIf(${isLate}) AS late_of_hour, countIf(sampling_rate < 100) AS sampled_of_hour
       FROM requests
       WHERE (SELECT count() FROM rollup_blocks) > 0
       GROUP BY hour, distribution, host
     )
   ) AS sums
   INNER JOIN rollup_blocks USING (hours, start)
   GROUP BY block, start, hours, distribution, host
   ${ofManyDays}`,
];

/** Blocks of older stores are completed from their own finer groups; those without clients are summed up again. */
export const ofAllUpgrade: readonly string[] = [
  ...Object.values(rollupsOfAll).flatMap((rollup) => [
    tableOf(rollup),
    `INSERT INTO ${rollup.table} (block, hours, built_at, start, ${columnsOf(rollup).join(', ')})
     ${sumBlocks(rollup, rollupsByScope[rollup.from], 'block, hours, built_at, start')}
     ${ofManyDays}, max_bytes_before_external_group_by = 268435456`,
  ]),
  'ALTER TABLE rollup_blocks DELETE WHERE lacks_clients SETTINGS mutations_sync = 2',
];

/** SELECT of rows of a rollup out of its own of shorter time, or out of a finer one. @param kept columns of the block */
export function sumBlocks(
  { keys, measures }: Rollup,
  { table }: Pick<Rollup, 'table'>,
  kept: string,
  where = 'true',
): string {
  const groups = [kept, ...Object.keys(keys)];
  const sums = Object.entries(measures).map(([name, { ofHours }]) => `${ofHours} AS r_${name}`);
  return `SELECT ${[...groups, ...sums].join(', ')} FROM ${table} WHERE ${where} GROUP BY ALL`;
}

export function columnsOf({ keys, measures }: Rollup): string[] {
  return Object.keys({ ...keys, ...measures });
}

function tableOf({ table, keys, measures, granule = 8192 }: Rollup): string {
  const columns = Object.entries({ ...keys, ...measures }).map(([name, { type }]) => `${name} ${type}${codecOf(type)}`);
  return `
  CREATE TABLE ${table} (
    block UInt64 COMMENT 'See rollup_blocks' CODEC(ZSTD(1)),
    start DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    hours UInt8 CODEC(ZSTD(1)),
    built_at DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    ${columns.join(',\n    ')}
  )
  ENGINE = MergeTree
  PARTITION BY toDate(start)
  ORDER BY (${['hours', 'start', ...Object.keys(keys)].join(', ')})
  SETTINGS index_granularity = ${granule}, ${openDamaged}`;
}

function codecOf(type: string): string {
  return /^U?Int/.test(type) ? ' CODEC(T64, ZSTD(1))' : ' CODEC(ZSTD(1))';
}
