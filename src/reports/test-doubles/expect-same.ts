import { expect } from 'vitest';
import type { Report } from '../report.ts';

/** Counts and texts agree exactly; sums of fractions to rounding; percentiles are sketches that depend on merging. */
export function expectSame(report: Report, actual: Record<string, unknown>, expected: Record<string, unknown>): void {
  for (const { name, unit } of report.columns) {
    const [found, wanted] = [actual[name], expected[name]];
    const label = `${report.name}.${name}: ${found} against ${wanted}`;
    if (typeof found !== 'number' || typeof wanted !== 'number' || unit === 'count' || unit === 'bytes') {
      expect(found, label).toEqual(wanted);
    } else {
      const tolerance = unit === 'seconds' ? 0.03 : 1e-9;
      expect(Math.abs(found - wanted), label).toBeLessThanOrEqual(
        tolerance * Math.max(Math.abs(wanted), Number.EPSILON),
      );
    }
  }
}
