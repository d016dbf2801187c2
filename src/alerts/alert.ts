/** What the operator wants to know of, in terms of one SELECT. All durations are milliseconds. */
export interface Alert {
  /** Letters, digits, `-` and `_`; unique. */
  readonly name: string;
  /** What its value means, and what to do. */
  readonly description: string;
  /** One SELECT; `{from}` and `{to}` are the range that is evaluated. */
  readonly sql: string;
  readonly condition: Condition;
  /** Evaluated at the whole multiples of this since 1970. */
  readonly everyMs: number;
  /** Length of the range. */
  readonly overMs: number;
  /** How long before the evaluation the range ends, so that late lines are there. */
  readonly delayMs: number;
  /** How long the condition must hold. */
  readonly forMs: number;
  /** How long it must not hold any more until the alert is resolved. */
  readonly keepFiringMs: number;
  readonly flapping: Flapping;
  readonly severity: Severity;
  /** Columns of the SELECT: each combination of their values is an instance of its own. */
  readonly labels: readonly string[];
  /** Instances that are looked at; of more, those with the greatest deviation. */
  readonly maxGroups: number;
  /** While one of these alerts fires, this one is not announced. */
  readonly dependsOn: readonly string[];
  /** Names of receivers. */
  readonly notify: readonly string[];
  /** The requests that it is about, as the console filters them; absent: a message does not tell what has changed. */
  readonly filter?: string;
}

/** An instance that fired `times` times within `withinMs` is not resolved before it was quiet for `withinMs`. */
export interface Flapping {
  readonly times: number;
  readonly withinMs: number;
}

export const severities = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof severities)[number];

export const directions = ['up', 'down', 'both'] as const;
export type Direction = (typeof directions)[number];

export const seasons = { day: 86_400_000, week: 604_800_000 } as const;
export type Season = keyof typeof seasons;

/** The column `value` is above or below a bound. */
export interface ThresholdCondition {
  readonly type: 'threshold';
  readonly above?: number;
  readonly below?: number;
}

/** The columns `numerator` ÷ `denominator`; not judged with a smaller denominator than the least one. */
export interface RatioCondition {
  readonly type: 'ratio';
  readonly above?: number;
  readonly below?: number;
  readonly leastDenominator: number;
}

/** No row; or the column `value`, a time, is older than this at the end of the range. */
export interface AbsenceCondition {
  readonly type: 'absence';
  readonly olderThanMs?: number;
  /** Whether the SELECT is about when events happened, so that nothing is known while lines come late, or when they arrived. */
  readonly by: 'event' | 'arrival';
}

/** `value` beside its median over the same range of the last days; both bounds must be exceeded. */
export interface ChangeCondition {
  readonly type: 'change';
  readonly days: number;
  readonly direction: Direction;
  /** Of the median: 0.5 is half. */
  readonly relative: number;
  /** In the unit of the value. */
  readonly absolute: number;
}

/** `value` beside median and MAD of the same time of the last days or weeks; see `judge-condition.ts`. */
export interface AnomalyCondition {
  readonly type: 'anomaly';
  readonly season: Season;
  readonly periods: number;
  readonly direction: Direction;
  readonly score: number;
  /** A smaller deviation is none, however regular the values were. */
  readonly leastDeviation: number;
}

export type Condition = ThresholdCondition | RatioCondition | AbsenceCondition | ChangeCondition | AnomalyCondition;
