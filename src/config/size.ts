import { formatWithUnit, multiplyDecimal, type Quantity, type Unit } from './quantity.ts';

/** Decimal units are powers of 1000, binary ones of 1024, as IEC 80000-13 has them; ClickHouse prints the binary ones. */
const units: readonly Unit[] = [
  ['TiB', 1024 ** 4],
  ['TB', 1000 ** 4],
  ['GiB', 1024 ** 3],
  ['GB', 1000 ** 3],
  ['MiB', 1024 ** 2],
  ['MB', 1000 ** 2],
  ['KiB', 1024],
  ['KB', 1000],
  ['B', 1],
];

const shape = /^(\d{1,16}(?:\.\d{1,9})?) ?([a-z]*)$/i;
const remedy = 'write a number and one of B, KB, MB, GB, TB, KiB, MiB, GiB, TiB, for example 512MB';

/** Reads `512MB`, `1.5 GiB` (upper or lower case) as bytes. Never throws. */
export function parseSize(text: string): Quantity {
  const [, decimal, name] = shape.exec(text.trim()) ?? [];
  if (decimal === undefined || name === undefined) return { cause: 'it is not a size', remedy };
  if (name === '') return { cause: 'it has no unit', remedy: `write ${decimal}MB if megabytes are meant` };
  const unit = units.find(([known]) => known.toLowerCase() === name.toLowerCase());
  if (unit === undefined) return { cause: `"${name}" is not a unit of size`, remedy };
  const value = multiplyDecimal(decimal, unit[1]);
  return value === undefined ? { cause: 'it is larger than any machine', remedy } : { value };
}

/** `2000000000` → `2GB`: in the largest unit that is exact. */
export function formatSize(bytes: number): string {
  return formatWithUnit(bytes, units);
}
