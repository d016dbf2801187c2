import { type FieldType, type Format, findField, isTime, type KeyedFraming } from '../formats/format.ts';
import { hasMark, sampleKeyed } from './keyed/sample-keyed.ts';
import { type Layout, listKey } from './layout.ts';
import { sampleList } from './sample-list.ts';
import { splitSample } from './split-sample.ts';
import { fits } from './value-fit.ts';

/**
 * Whether a sample line splits as a layout expects, has a time, and has no value invalid for its field. The engine
 * makes the final verdict; this one tells formats apart and detects that a layout has changed.
 */
export function lineFits(layout: Layout, line: string): boolean {
  const list = listKey(layout.framing);
  const listed = list === undefined ? undefined : sampleList(line, list);
  if (listed?.length === 0) return namesRequired(layout.format, line);
  return (listed ?? [line]).some((one) => oneFits(layout, one));
}

/** For a list whose first object is longer than the sample; an empty one does not contradict the format. */
function namesRequired({ requires = [] }: Format, document: string): boolean {
  const isNamed = (name: string) => document.includes(`"${name.replace(/^.*\./, '')}"`);
  return document.trimEnd().endsWith(']}') || requires.every((group) => group.some(isNamed));
}

function oneFits(layout: Layout, line: string): boolean {
  const { format, framing, columns, checked } = layout;
  if (framing.kind === 'keyed') return keyedFits(format, framing, line);
  const values = splitSample(layout, line);
  if (!hasColumns(layout, values)) return false;
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

function hasColumns({ format, framing, columns }: Layout, values: readonly string[]): boolean {
  const isFilled = (name: string) => !['', '-', undefined].includes(values[columns.indexOf(name)]);
  const hasRequired = (groups: Format['requires'] = []) => groups.every((group) => group.some(isFilled));
  switch (framing.kind) {
    case 'delimited': {
      const filled = values.findLastIndex((value) => value !== '') + 1;
      // Fields that were not selected are not missing.
      const selected = format.requires?.filter((group) => group.some((name) => columns.includes(name)));
      return values.length >= columns.length && filled <= columns.length && (!format.isStrict || hasRequired(selected));
    }
    case 'tokens':
      return values.length >= framing.least;
    case 'json': {
      return values.length > 0 && hasRequired(format.requires);
    }
    default:
      return values.length > 0;
  }
}

/** One known name proves nothing about the others, so a line must have a mark of this format. */
function keyedFits(format: Format, framing: KeyedFraming, line: string): boolean {
  if (!hasMark(format, framing, line)) return false;
  const values = sampleKeyed(format, framing, line) ?? [];
  const isFilled = (test: (name: string, type: FieldType) => boolean) =>
    format.fields.some(({ name, type }, index) => test(name, type) && values[index] !== '');
  const hasGroup = (group: readonly string[]) => isFilled((name) => group.includes(name));
  const isMessage = format.excludes?.every(hasGroup) ?? false;
  return !isMessage && (format.requires ?? []).every(hasGroup) && isFilled((_, type) => isTime(type));
}
