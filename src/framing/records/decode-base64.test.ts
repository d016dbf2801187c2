import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64InPlace } from './decode-base64.ts';

describe('decodeBase64InPlace', () => {
  it('gives back what was encoded, in both alphabets, with padding and without', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.boolean(), fc.boolean(), (bytes, isUrl, isBare) => {
        let text = Buffer.from(bytes).toString('base64');
        if (isUrl) text = text.replaceAll('+', '-').replaceAll('/', '_');
        if (isBare) text = text.replaceAll('=', '');
        expect(Buffer.from(decodeBase64InPlace(Buffer.from(text)) ?? 'none').equals(Buffer.from(bytes))).toBe(true);
      }),
    );
  });

  it.each(['a', 'ab=', 'abc==', 'ab==cd==', '====', 'ab c', 'abcd\n', 'abé'])('refuses %j and leaves it', (text) => {
    const bytes = Buffer.from(text);
    expect(decodeBase64InPlace(bytes)).toBeUndefined();
    expect(String(bytes)).toBe(text);
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void decodeBase64InPlace(bytes)));
  });
});
