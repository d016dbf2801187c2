import { isTime } from '../formats/format.ts';
import { decoded } from './decode-expression.ts';
import type { Layout } from './layout.ts';
import { isNothing, type RawField } from './raw-field.ts';
import { valueParts } from './value-parts.ts';

/** Every value that has no column: fields without one, names that the format does not know, unexpected JSON keys. */
export function extraExpression(layout: Layout, fields: readonly RawField[]): string | undefined {
  const known = fields.flatMap((raw, index) => {
    const sql = keptValue(layout, raw, fields);
    return sql === undefined ? [] : [`${keptName(layout, raw, index + 1)}, ${sql}`];
  });
  return filledValues(layout, known);
}

/**
 * SQL of a map of the non-empty values among those given and those of no column; `undefined` if there can be none.
 * @param known SQL of names and values, `name, value`
 */
export function filledValues(layout: Layout, known: readonly string[]): string | undefined {
  const maps = [known.length > 0 ? `map(${known.join(', ')})` : '', unexpectedValues(layout)].filter(
    (map) => map !== '',
  );
  if (maps.length === 0) return undefined;
  const all = maps.length === 1 ? maps[0] : `mapConcat(${maps.join(', ')})`;
  // Empty objects and lists of nested JSON carry no information.
  const nothing = /json|keyed/.test(layout.format.framing?.kind ?? '') ? "'', '-', '[]', '{}'" : "'', '-'";
  return `mapFilter((k, v) -> v NOT IN (${nothing}), ${all})`;
}

/** SQL of what `extra` keeps of a column under its own name; `undefined` if other columns hold all of it. */
function keptValue(layout: Layout, raw: RawField, fields: readonly RawField[]): string | undefined {
  const { field, value } = raw;
  if (raw.unlike !== undefined) return raw.unlike;
  const parts = valueParts(raw);
  if (field?.type === 'request-line') {
    const host = fields.find((other) => other.field?.column === 'host');
    // An absolute URL may name another host than the host field.
    const isOther = host ? `${raw.parsedAs}_scheme != '' AND NOT (${isNothing(host.value)})` : 'false';
    return `if(${isOther}, ${value}, ${parts?.remainder})`;
  }
  if (parts) return parts.remainder;
  if (field && (field.column || isTime(field.type))) return undefined;
  const { unknownNumber } = layout.format;
  if (/^(milli)?seconds$/.test(field?.type ?? '') && unknownNumber)
    return `if(${value} = '${unknownNumber}', '', ${value})`;
  return decoded(value, field?.encoding, false);
}

/** SQL of the name under which `extra` keeps a value. */
function keptName({ framing }: Layout, raw: RawField, place: number): string {
  if (framing.kind === 'keyed') return `raw_keys[${place}]`;
  // A value that does not belong to its field is identified by its position alone.
  const isByPlace = framing.kind === 'tokens' || framing.kind === 'pattern';
  return isByPlace && raw.unlike !== undefined ? `'${placeName(place)}'` : `{columns:Array(String)}[${place}]`;
}

/** The key in `extra` of a value known only by its position in the line. */
function placeName(place: number): string {
  return `field_${place}`;
}

/** SQL of a map: keys that the layout does not name, and tokens after those in the table. */
function unexpectedValues({ framing, columns }: Layout): string {
  switch (framing.kind) {
    case 'json':
      return `if(mapKeys(pairs) = {columns:Array(String)}, CAST(map() AS Map(String, String)), mapFilter((k, v) -> NOT has({columns:Array(String)}, k), pairs))`;
    case 'keyed':
      return 'rest';
    case 'tokens':
    case 'pattern':
      return `mapFromArrays(
        arrayMap(more -> concat('field_', toString(more)), range(${columns.length + 1}, length(raw) + 1)),
        arraySlice(raw, ${columns.length + 1}))`;
    default:
      return '';
  }
}
