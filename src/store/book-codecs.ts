/** Codecs of columns that have a value per batch, in years of batches. The others compress to nearly nothing. */
const growing = 'CODEC(Delta, ZSTD(1))';
const counted = 'CODEC(T64, ZSTD(1))';
const text = 'CODEC(ZSTD(1))';

/** By table and column. They halve what plans, tallies and the ledger take on disk; see docs/decisions/0016. */
export const bookCodecs = {
  plans: { batch: growing, origin: text, version: text, bytes: counted, planned_at: growing },
  tallies: {
    batch: growing,
    lines: counted,
    content_bytes: counted,
    first_time: growing,
    last_time: growing,
  },
  ledger: {
    batch: growing,
    origin: text,
    version: text,
    bytes: counted,
    content_bytes: counted,
    lines: counted,
    rows: counted,
    first_time: growing,
    last_time: growing,
    stored_at: growing,
  },
} as const;

/** Existing parts change with their next merge. */
export const codecUpgrade: readonly string[] = Object.entries(bookCodecs).map(
  ([table, codecs]) =>
    `ALTER TABLE ${table} ${Object.entries(codecs)
      .map(([column, codec]) => `MODIFY COLUMN ${column} ${codec}`)
      .join(', ')}`,
);
