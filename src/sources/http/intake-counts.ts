export const intakeNames = ['firehose', 'ndjson', 'bulk', 'otlp'] as const;

export type IntakeName = (typeof intakeNames)[number];

/** What came in over one way since the start. */
export interface IntakeCounts {
  /** Requests that brought logs, the refused ones included. */
  requests: number;
  /** Bytes of their bodies, inflated, as far as they were read. */
  bytes: number;
  /** Lines that the store took, rejected ones and comments included. */
  lines: number;
  /** Lines that the store keeps as rejects, and documents or records that were refused one by one. */
  rejected: number;
  /** Requests that were refused as a whole. */
  readonly refused: {
    /** 4xx: wrong, without access, too large. */
    invalid: number;
    /** 429: too much at once. */
    busy: number;
    /** 5xx: the store takes nothing, or a fault. */
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
