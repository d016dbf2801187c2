import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import { cutStart, padEnd, printLine } from './styled-line.ts';

it('colours what fits, and nothing where no colour is wanted', () => {
  const line = [{ text: 'state ', tone: 'faint' }, { text: 'failed', tone: 'bad' }, { text: ' since' }] as const;
  expect(printLine(line, 10, true)).toBe('\u001b[2mstate \u001b[22m\u001b[31mfai…\u001b[39m');
  expect(printLine(line, 80, false)).toBe('state failed since');
});

it('lets no text of others steer the terminal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.nat(20), (text, columns) => {
      const printed = printLine([{ text }], columns, false);
      expect(printed).not.toMatch(/[\p{Cc}\u202e]/u);
      expect(stringWidth(printed)).toBeLessThanOrEqual(columns);
    }),
  );
  expect(printLine([{ text: '\u001b[2Jx\r\n\u009by\u202e' }], 80, false)).toBe(
    '\\u001b[2Jx\\u000d\\u000a\\u009by\\u202e',
  );
});

it('keeps the end of a path', () => {
  expect(cutStart('/var/log/app/today.log', 10)).toBe('…today.log');
  expect(cutStart('short', 10)).toBe('short');
});

it('a character of two columns counts as two, and one with accents as one', () => {
  const path = '/var/log/アクセス.log';
  expect(printLine([{ text: path }], 20, false)).toBe('/var/log/アクセス.l…');
  expect(cutStart(path, 10)).toBe('…セス.log');
  expect(padEnd('アク', 6)).toBe('アク  ');
  expect(printLine([{ text: 'cafe\u0301 bar' }], 5, false)).toBe('cafe\u0301…');
});
