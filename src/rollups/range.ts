export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** Start, inclusive, and end, exclusive; epoch ms. */
export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}
