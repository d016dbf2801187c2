export const intakeNames = ['firehose', 'ndjson', 'bulk', 'otlp'] as const;

export type IntakeName = (typeof intakeNames)[number];

/** Counts of one intake since the start. */
export interface IntakeCounts {
  /** Requests with logs, including refused ones. */
  requests: number;
  /** Inflated bytes of their bodies, as far as they were read. */
  bytes: number;
  /** Stored lines, including rejects and comments. */
  lines: number;
  /** Lines stored as rejects, plus documents or records that were refused individually. */
  rejected: number;
  /** Requests that were refused as a whole. */
  readonly refused: {
    /** 4xx: invalid, unauthorized, too large. */
    invalid: number;
    /** 429: too many bytes at once. */
    busy: number;
    /** 5xx: the store accepts nothing, or an internal error. */
    unavailable: number;
  };
}

export type AllIntakeCounts = Readonly<Record<IntakeName, IntakeCounts>>;

export function createIntakeCounts(): AllIntakeCounts {
  const create = (): IntakeCounts => ({
    requests: 0,
    bytes: 0,
    lines: 0,
    rejected: 0,
    refused: { invalid: 0, busy: 0, unavailable: 0 },
  });
  return { firehose: create(), ndjson: create(), bulk: create(), otlp: create() };
}
