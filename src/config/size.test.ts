import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatSize, parseSize } from './size.ts';

describe('parseSize', () => {
  test.each([
    ['512MB', 512_000_000],
    ['2 gb', 2_000_000_000],
    ['1KiB', 1024],
    ['1.5GiB', 1_610_612_736],
    ['0.07GB', 70_000_000],
    ['0B', 0],
    [' 3TB ', 3_000_000_000_000],
  ])('%s is %d bytes', (text, bytes) => {
    expect(parseSize(text)).toEqual({ value: bytes });
  });

  test.each([
    ['', 'it is not a size'],
    ['12', 'it has no unit'],
    ['12 XB', '"XB" is not a unit of size'],
    ['-1GB', 'it is not a size'],
    ['1e9B', 'it is not a size'],
    ['1,5GB', 'it is not a size'],
    ['999999999TB', 'it is larger than any machine'],
  ])('"%s" is refused: %s', (text, cause) => {
    expect(parseSize(text)).toMatchObject({ cause, remedy: expect.stringMatching(/^write /) });
  });

  test('reads back what formatSize writes', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (bytes) => {
        expect(parseSize(formatSize(bytes))).toEqual({ value: bytes });
      }),
    );
  });

  test('any text gives a size or a reason', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d+\.?\d* ?[kmgtibKMGTIB]{0,4}$/)), (text) => {
        const parsed = parseSize(text);
        if ('value' in parsed) expect(Number.isSafeInteger(parsed.value) && parsed.value >= 0).toBe(true);
        else expect(parsed.cause && parsed.remedy).toBeTruthy();
      }),
    );
  });
});
