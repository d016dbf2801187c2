import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createExcerpt, formatExcerpt } from './excerpt.ts';
import type { Span } from './span.ts';

describe('createExcerpt', () => {
  const source = 'a: 1\nb: {x: secret, y: 2}\r\nc: 3';

  test('underlines the place, with what is hidden before it replaced', () => {
    const excerpt = createExcerpt(source, [23, 24], [[12, 18]]);
    expect(`\n${formatExcerpt(excerpt, 2)}`).toBe(`
   2 | b: {x: ***, y: 2}
     |                ^`);
  });

  test('underlines the mask when the place itself is hidden', () => {
    expect(createExcerpt(source, [12, 18], [[12, 18]])).toEqual({ text: 'b: {x: ***, y: 2}', from: 7, length: 3 });
  });

  test('cuts a long line around the place', () => {
    const long = `${'x'.repeat(5000)}HERE${'y'.repeat(5000)}`;
    const { text, from, length } = createExcerpt(long, [5000, 5004], []);
    expect(text.slice(from, from + length)).toBe('HERE');
    expect(text.length).toBeLessThan(110);
  });

  test('sends no control character to a terminal', () => {
    expect(createExcerpt('a: \u001b[31mred\u0007', [3, 4], []).text).toBe('a:  [31mred');
  });

  test('never shows a hidden part, and always has something to underline', () => {
    const text = fc.stringMatching(/^[a-z:\n ]{0,80}$/);
    const at = fc.nat({ max: 90 });
    fc.assert(
      fc.property(text, text, at, fc.array(fc.tuple(at, at)), (before, after, place, others) => {
        const whole = `${before}SECRET${after}`;
        const hidden: Span[] = [[before.length, before.length + 6], ...others];
        const excerpt = createExcerpt(whole, [Math.min(place, whole.length), whole.length], hidden);
        expect(excerpt.text).not.toMatch(/[A-Z]/);
        expect(excerpt.length).toBeGreaterThan(0);
        expect(excerpt.from).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
