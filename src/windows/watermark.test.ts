import { describe, expect, test } from 'vitest';
import { Watermark } from './watermark.ts';

const never = Number.POSITIVE_INFINITY;

describe('a watermark', () => {
  test('is that of the slowest feed that is not idle, less the disorder', () => {
    const watermark = new Watermark({ disorderMs: 5, idleMs: 100 });
    expect(watermark.advance(0, never)).toBe(Number.NEGATIVE_INFINITY);
    watermark.see('fast', 1000, 0);
    watermark.see('slow', 500, 0);
    expect(watermark.advance(99, never)).toBe(495);
    watermark.see('fast', 1100, 99);
    expect(watermark.advance(100, never)).toBe(1095);
    watermark.see('slow', 600, 100);
    expect(watermark.advance(100, never), 'it never moves back').toBe(1095);
    expect(watermark.active(100)).toBe(2);
  });

  test('passes as the clock does where all feeds are idle, in whole milliseconds, and not beyond now', () => {
    const watermark = new Watermark({ disorderMs: 5, idleMs: 100 });
    watermark.see('only', 1000, 0.25);
    expect(watermark.advance(100.5, never)).toBe(1095);
    expect(watermark.advance(250.9, never)).toBe(1245);
    expect(watermark.advance(1000, 1300)).toBe(1300);
  });
});
