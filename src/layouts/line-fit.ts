import { findField, isTime } from '../formats/format.ts';
import type { Layout } from './layout.ts';
import { samplePairs, splitSample } from './split-sample.ts';
import { fits } from './value-fit.ts';

/**
 * Whether a sample line falls apart as a layout says, has a time, and no value that its field cannot have. The engine
 * makes the real verdict; this one serves to tell formats apart and to notice that a layout has changed.
 */
export function lineFits(layout: Layout, line: string): boolean {
  const { format, columns, checked } = layout;
  const values = splitSample(layout, line);
  if (!hasColumns(layout, line, values)) return false;
  let hasTime = false;
  const allFit = columns.every((name, index) => {
    const field = findField(format, name);
    const value = values[index] ?? '';
    if (!field || field.isOptional) return true;
    hasTime ||= isTime(field.type) && value !== '-' && value !== '';
    return fits(checked.includes(field.name) ? field : { ...field, pattern: '' }, value, format.unknownNumber);
  });
  return allFit && hasTime;
}

function hasColumns({ format, framing, columns }: Layout, line: string, values: readonly string[]): boolean {
  switch (framing.kind) {
    case 'delimited': {
      const filled = values.findLastIndex((value) => value !== '') + 1;
      return values.length >= columns.length && filled <= columns.length;
    }
    case 'tokens':
      return values.length >= framing.least;
    case 'json': {
      // Nested keys are only of a format whose objects all have the same outer ones.
      const pairs = framing.nested ? samplePairs(line) : undefined;
      return values.length > 0 && (!pairs || (format.keys ?? []).every((key) => pairs.has(key)));
    }
    default:
      return values.length > 0;
  }
}
