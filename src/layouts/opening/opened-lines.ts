import { quoteString } from '../../engine/bound-parameter.ts';
import { groupNames, re2Pattern } from '../../formats/logs/shapes-of.ts';
import { carriedNames, type JsonWrapper, type Prefix } from '../../formats/transport.ts';
import { findTransport, jsonText } from '../../formats/transports.ts';
import { eventMark, eventMarkLiteral, withNewlines } from '../../framing/events/event-mark.ts';
import { cloudwatchEvents } from '../logs/cloudwatch-events.ts';
import { otlpRecords } from '../logs/otlp-records.ts';
import type { Opening, OpeningStep } from './opening-step.ts';

/** What {@link openedLines} adds to `object`, `line_number` and `line`. */
export const openedColumns = [
  'received',
  'carried',
  'event_id',
  'event_time_ms',
  'log_group',
  'log_stream',
  'envelope_problem',
];

/**
 * FROM clause over the lines of `source` without their transports: `object`, `line_number`, `line`, and
 *
 * - `received`: the line as received, or as its envelope holds it,
 * - `carried`: names and values from its transports, and as `opened` the path to a text within JSON: `log.message`,
 * - an envelope's metadata of its events; see {@link cloudwatchEvents}.
 *
 * A step leaves lines without its transport unchanged.
 */
export function openedLines(source: string, { steps }: Opening): string {
  const bare = `(
    SELECT object, line_number, line, line AS received, CAST([] AS Array(Tuple(String, String))) AS carried,
      '' AS event_id, toInt64(0) AS event_time_ms, '' AS log_group, '' AS log_stream, '' AS envelope_problem
    FROM ${source})`;
  return steps.reduce(openFurther, bare);
}

/** The same for lines that are already opened. */
export function openFurther(source: string, step: OpeningStep): string {
  switch (step) {
    case 'byte-order-mark':
      return `(
    SELECT * REPLACE(if(startsWith(line, '\\xEF\\xBB\\xBF'), substring(line, 4), line) AS line)
    FROM ${source})`;
    case 'objects':
      return separateObjects(source);
    case 'otlp':
      return otlpRecords(source);
    case 'cloudwatch':
      return `(
    SELECT *, line AS received, CAST([] AS Array(Tuple(String, String))) AS carried
    FROM ${cloudwatchEvents(source)})`;
    case 'events': {
      const isTorn = `startsWith(line, ${eventMarkLiteral})`;
      return `(
    SELECT * REPLACE(
      ${withNewlines(`if(${isTorn}, substring(line, ${eventMark.length + 1}), line)`)} AS line,
      if(${isTorn}, arrayPushBack(carried, ('event.part', 'continued')), carried) AS carried)
    FROM ${source})`;
    }
    case jsonText.name:
      return withoutTexts(source);
    default: {
      const around = findTransport(step)?.around;
      if (!around) throw new Error(`BUG: no transport "${step}"`);
      return 'pattern' in around ? withoutPrefix(source, around) : unwrapped(source, around);
    }
  }
}

/** Between objects; within a string the quote after the brace would end it, and no name and colon can follow. */
export const objectsBoundary = '[}][ \\t\\r]*[{][ \\t]*("[^"\\\\]*"[ \\t]*:)';

/** Spaces out the line numbers readably: object 17 of line 3 is number 2000017. */
const objectsPerLine = 1_000_000;

function separateObjects(source: string): string {
  const parts = `splitByChar('\\n', replaceRegexpAll(line, ${quoteString(objectsBoundary)}, '}\\n{\\\\1'))`;
  return `(
    SELECT * EXCEPT (parts, part, place)
      REPLACE(part AS line, part AS received, line_number * ${objectsPerLine} + place - 1 AS line_number)
    FROM (SELECT *, ${parts} AS parts FROM ${source})
    ARRAY JOIN parts AS part, arrayEnumerate(parts) AS place)`;
}

function withoutPrefix(source: string, { pattern }: Prefix): string {
  const names = groupNames(pattern);
  const values = names.flatMap((name, index) =>
    name === 'line' ? [] : [`(${quoteString(carriedNames[name] ?? name)}, groups[${index + 1}])`],
  );
  return `(
    SELECT * EXCEPT (groups) REPLACE(
      if(empty(groups), line, groups[${names.indexOf('line') + 1}]) AS line,
      if(empty(groups), carried, arrayConcat(arrayFilter(pair -> pair.2 != '', [${values.join(', ')}]), carried)) AS carried)
    FROM (SELECT *, extractGroups(line, ${quoteString(re2Pattern(pattern))}) AS groups FROM ${source}))`;
}

function unwrapped(source: string, wrapper: JsonWrapper): string {
  const { line, carried } = takenOut(wrapper, 'line', 'carried', 'found');
  return `(
    SELECT * EXCEPT (found, next_line, next_carried) REPLACE(next_line AS line, next_carried AS carried)
    FROM (
      SELECT *, if(found.1 != '', ${line}, line) AS next_line, if(found.1 != '', ${carried}, carried) AS next_carried
      FROM (SELECT *, ${foundText(wrapper, "if(startsWith(line, '{'), line, '')")} AS found FROM ${source})))`;
}

/** A message may be JSON whose message is JSON, and so on. */
const mostTexts = 4;

/** One expression: separate steps would make the statement several times as long. */
function withoutTexts(source: string): string {
  const wrapper = jsonText.around as JsonWrapper;
  const { line, carried } = takenOut(wrapper, 'state.1', 'state.2', 'found');
  // A list of one value names it, so that the statement has its expression once.
  const found = `[${foundText(wrapper, 'state.1')}]`;
  const next = `arrayMap(found -> [state, (${line}, ${carried})][1 + (found.1 != '')], ${found})[1]`;
  // Most lines hold no object in a string, and are not parsed for one.
  const depths = `range(if(startsWith(line, '{') AND position(line, '"{') > 0, ${mostTexts}, 0))`;
  return `(
    SELECT * EXCEPT (opened) REPLACE(opened.1 AS line, opened.2 AS carried)
    FROM (
      SELECT *,
        arrayFold((state, depth) -> ${next}, ${depths}, (line, carried)) AS opened
      FROM ${source}))`;
}

const byte = '(?:[0-9]{1,2}|1[0-9]{2}|2[0-4][0-9]|25[0-5])';
const byteArray = `^[[] *${byte} *(?:, *${byte} *)*[]]$`;

/** SQL of the key and the raw text that a wrapper carries; both are empty if there is none. */
function foundText({ textKeys, anyOf, holds, bytes }: JsonWrapper, line: string): string {
  const isText = `startsWith(raw.2, '"${holds ? '{' : ''}')`;
  const conditions = [
    `has(${texts(textKeys)}, raw.1)`,
    bytes ? `(${isText} OR match(raw.2, '${byteArray}'))` : isText,
    ...(holds ? ['match(raw.2, \'^"[{]\\\\s*\\\\\\\\"\')', "JSONType(JSONExtractString(raw.2)) = 'Object'"] : []),
  ];
  const raws = `JSONExtractKeysAndValuesRaw(${line})`;
  const meant = anyOf ? `if(hasAny(arrayMap(raw -> raw.1, ${raws}), ${texts(anyOf)}), ${raws}, [])` : raws;
  return `arrayFirst(raw -> ${conditions.join(' AND ')}, ${meant})`;
}

/** SQL of the found text and of its carried pairs, innermost first. */
function takenOut({ names, bytes }: JsonWrapper, line: string, carried: string, found: string) {
  const written = `JSONExtractString(${found}.2)`;
  const joined = `arrayStringConcat(arrayMap(byte -> char(byte), JSONExtract(${found}.2, 'Array(UInt8)')))`;
  const text = bytes ? `if(startsWith(${found}.2, '['), ${joined}, ${written})` : written;
  const renamed = `transform(pair.1, ${texts(Object.keys(names))}, ${texts(Object.values(names))}, pair.1)`;
  const before = `arrayFirst(pair -> pair.1 = 'opened', ${carried}).2`;
  return {
    line: `trim(TRAILING '\\r\\n' FROM ${text})`,
    carried: `arrayConcat(
        arrayMap(
          pair -> (${renamed}, pair.2),
          arrayFilter(pair -> pair != (${found}.1, ${written}), JSONExtractKeysAndValues(${line}, 'String'))),
        [('opened', trim(LEADING '.' FROM concat(${before}, '.', ${found}.1)))],
        arrayFilter(pair -> pair.1 != 'opened', ${carried}))`,
  };
}

function texts(list: readonly string[]): string {
  return `[${list.map(quoteString).join(', ')}]`;
}
