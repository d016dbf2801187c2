/**
 * CRC-32 of two pieces joined, from the CRC-32 of each: lets threads compress parts of one gzip member independently.
 * The register is a polynomial over GF(2); `length` zero bytes after the first piece multiply it by x^(8·length).
 * Method: zlib's `crc32_combine` (Mark Adler).
 */
export function joinCrc32(first: number, second: number, secondLength: number): number {
  let factor = 1 << 31;
  let power = 0x0080_0000; // x^8 in reflected bit order
  for (let length = secondLength; length > 0; length = Math.floor(length / 2)) {
    if (length % 2 === 1) factor = multiply(factor, power);
    power = multiply(power, power);
  }
  return (multiply(factor, first) ^ second) >>> 0;
}

/** a·b modulo the CRC-32 polynomial, coefficients of the lowest powers in the highest bits. */
function multiply(a: number, b: number): number {
  let product = 0;
  let shifted = b | 0;
  for (let bit = 31; bit >= 0; bit--) {
    if ((a >>> bit) & 1) product ^= shifted;
    shifted = shifted & 1 ? (shifted >>> 1) ^ 0xedb8_8320 : shifted >>> 1;
  }
  return product;
}
