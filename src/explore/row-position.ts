/**
 * Where a row is: its time, and its line. Rows never change and a closed batch never returns, so a position means the same
 * row for as long as it is kept. Newest first is the order of positions downwards.
 */
export interface RowPosition {
  /** Epoch ms. */
  readonly timeMs: number;
  /** A UInt64 in decimal digits. */
  readonly batch: string;
  readonly object: number;
  readonly line: number;
}

/** SQL: the columns of a position, in the order of {@link positionOrder}. */
export const positionColumns = ['time', 'batch', 'object', 'line_number'] as const;

/** SQL: newest first; lines of one moment in the order opposite to that in which they were stored. */
export const positionOrder = positionColumns.map((name) => `${name} DESC`).join(', ');

/** SQL: a position as text, which {@link readPosition} reads. */
export const positionText = `concat(toString(toUnixTimestamp64Milli(time)), '-', toString(batch), '-', toString(object), '-', toString(line_number))`;

export const positionPattern = /^(\d{1,13})-(\d{1,20})-(\d{1,10})-(\d{1,15})$/;

/** @returns undefined when the text is none */
export function readPosition(text: string): RowPosition | undefined {
  const [, time, batch = '', object, line] = positionPattern.exec(text) ?? [];
  if (time === undefined || BigInt(batch) >= 2n ** 64n || Number(object) >= 2 ** 32) return undefined;
  return { timeMs: Number(time), batch, object: Number(object), line: Number(line) };
}

/** Values of the placeholders of a condition on a position. */
export function positionParameters({ timeMs, batch, object, line }: RowPosition): Readonly<Record<string, unknown>> {
  return { row_time: sqlMoment(timeMs), row_batch: batch, row_object: object, row_line: line };
}

/** SQL: placeholders of a position. */
export const positionValues =
  "({row_time:DateTime64(3, 'UTC')}, {row_batch:UInt64}, {row_object:UInt32}, {row_line:UInt64})";

/** `YYYY-MM-DD HH:MM:SS.mmm`, UTC. */
export function sqlMoment(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}
