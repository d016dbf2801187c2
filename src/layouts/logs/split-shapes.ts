import { quoteString } from '../../engine/bound-parameter.ts';
import type { LogFormat, LogShape } from '../../formats/logs/log-format.ts';
import { groupNames, re2Pattern, shapesOf } from '../../formats/logs/shapes-of.ts';
import { colourPattern } from '../../text/terminal-colours.ts';
import { bytesOf, characters } from '../line-characters.ts';

/**
 * SQL that finds the shape of every line of `lines` and splits it: a subquery that adds to the columns of `lines`
 *
 * - `shape_number`: 1-based place of the shape in {@link shapesOf}, 0 for text that matches no shape,
 * - `json`: names and values of the line if it is a JSON object, in order; else empty,
 * - `own_pairs`: names and values of the line, whatever its shape,
 * - `pairs`: those, followed by the transports' metadata of the line.
 *
 * The shapes of text are tried within a lambda over no text or one: of conditional branches, the engine evaluates those
 * whose result is used again for every line, also for JSON objects.
 */
export function splitShapes(format: LogFormat, lines: string): string {
  const shapes = shapesOf(format);
  const branches = (wanted: 'text' | 'keys', branch: (number: number) => string) =>
    shapes.flatMap((shape, index) => (wanted in shape ? [branch(index + 1)] : [])).join(',\n          ');
  return `(
    SELECT
      *,
      arrayConcat(
        own_pairs,
        arrayMap(
          pair -> (if(has(own_pairs.1, pair.1), concat('transport.', pair.1), pair.1), pair.2),
          ${openObjects('carried')})) AS pairs
    FROM (
      SELECT * EXCEPT (closed, once_opened), ${openObjects('once_opened')} AS own_pairs
      FROM (
        SELECT *, ${openObjects('closed')} AS once_opened
        FROM (
          SELECT
            *,
            ${bytesOf('found.2')} AS groups,
            if(
              empty(json),
              arrayMap((name, value) -> (name, value), {group_names:Array(Array(String))}[shape_number], groups),
              json) AS closed
          FROM (
            SELECT
              *,
              json.1 AS json_keys,
              arrayMap(
                text -> multiIf(
                  ${branches('text', (n) => `match(text, {shape_${n}:String}), (${n}, extractGroups(text, {shape_${n}:String}))`)},
                  (0, emptyArrayString())),
                if(empty(json), [readable], []))[1] AS found,
              if(
                empty(json),
                found.1,
                multiIf(${branches('keys', (n) => `hasAll(json_keys, {shape_${n}:Array(String)}), ${n}`)}, 0)
              ) AS shape_number
            FROM (
              SELECT
                *,
                trim(TRAILING '\\r' FROM if(startsWith(line, '\\xEF\\xBB\\xBF'), substring(line, 4), line)) AS text,
                ${characters(`if(position(text, '\\x1B') > 0, replaceRegexpAll(text, ${quoteString(colourPattern)}, ''), text)`)} AS readable,
                if(startsWith(trimLeft(text), '{'), JSONExtractKeysAndValues(text, 'String'), []) AS json
              FROM ${lines}
            )
          )
        )
      )
    )
  )`;
}

/** Values of the parameters that {@link splitShapes} names. */
export function splitParams(format: LogFormat): Readonly<Record<string, unknown>> {
  const shapes = shapesOf(format);
  return {
    ...Object.fromEntries(shapes.map((shape, index) => [`shape_${index + 1}`, recognition(shape)])),
    group_names: shapes.map((shape) => ('text' in shape ? groupNames(shape.text) : [])),
    merged: format.merged,
    opened: [...format.merged, ...format.opened],
  };
}

function recognition(shape: LogShape): string | readonly string[] {
  return 'text' in shape ? re2Pattern(shape.text) : shape.keys;
}

/**
 * SQL that replaces objects by their keys, one level deep. A merged key that already exists beside its object
 * keeps the object's name as a prefix, so that neither value is lost.
 */
function openObjects(pairs: string): string {
  const inner = `arrayMap(
            inner -> (
              if(has({merged:Array(String)}, pair.1) AND NOT has(${pairs}.1, inner.1), inner.1, concat(pair.1, '.', inner.1)),
              inner.2),
            JSONExtractKeysAndValues(pair.2, 'String'))`;
  return `if(
      hasAny(${pairs}.1, {opened:Array(String)}),
      arrayFlatten(arrayMap(
        (pair, inner_pairs) -> if(empty(inner_pairs) AND NOT (has({opened:Array(String)}, pair.1) AND pair.2 = '{}'), [pair], inner_pairs),
        ${pairs},
        arrayMap(
          pair -> if(has({opened:Array(String)}, pair.1) AND startsWith(pair.2, '{'), ${inner}, []),
          ${pairs}))),
      ${pairs})`;
}
