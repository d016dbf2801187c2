import { quoteString } from '../../engine/bound-parameter.ts';
import { levelSpellings, levels } from '../../formats/logs/levels.ts';

/** Spaces out the line numbers readably: record 17 of line 3 is number 2000017. */
const recordsPerLine = 1_000_000;

/**
 * A FROM clause over `source`, whose lines are `ExportLogsServiceRequest`s of OTLP as JSON, as the collector's file exporter
 * writes them. One row per record, whose `line` has the same keys as from the OTLP intake; `received` is the record. A
 * request without records gives an empty line; a line that is not a request is unchanged.
 * https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/
 */
export function otlpRecords(source: string): string {
  const records = `arrayFlatten(arrayMap(
        of_resource -> arrayFlatten(arrayMap(
          of_scope -> arrayMap(
            record -> (JSONExtractRaw(of_resource, 'resource'), JSONExtractRaw(of_scope, 'scope'), record),
            JSONExtractArrayRaw(of_scope, 'logRecords')),
          JSONExtractArrayRaw(of_resource, 'scopeLogs'))),
        JSONExtractArrayRaw(line, 'resourceLogs')))`;
  return `(
    SELECT * EXCEPT (is_request, found, records, record, place) REPLACE(
      if(is_request, record.3, line) AS received,
      line_number * ${recordsPerLine} + place - 1 AS line_number,
      if(is_request AND record.3 = '', '', if(is_request, ${recordLine('record.1', 'record.2', 'record.3')}, line)) AS line)
    FROM (
      SELECT *, JSONType(line, 'resourceLogs') = 'Array' AS is_request,
        if(is_request, ${records}, []) AS found,
        if(empty(found), [('', '', '')], found) AS records
      FROM ${source})
    ARRAY JOIN records AS record, arrayEnumerate(records) AS place)`;
}

/** Sample records as lines, to detect their layout. */
export function sampleRecords(lines: readonly string[]): string[] {
  return lines.flatMap((line) => (isOtlp(line) ? ['{"time":"1772359200000000000","message":""}'] : [line]));
}

/** By its beginning, because a request may be longer than the sample. */
export function isOtlp(line: string): boolean {
  return /^\{\s*"resourceLogs"\s*:\s*\[/.test(line);
}

function recordLine(resource: string, scope: string, record: string): string {
  const own = `JSONExtractArrayRaw(${record}, 'attributes')`;
  const ofResource = `JSONExtractArrayRaw(${resource}, 'attributes')`;
  const named = (key: string) =>
    `JSONExtractString(arrayFirst(pair -> JSONExtractString(pair, 'key') = '${key}', ${ofResource}), 'value', 'stringValue')`;
  const others = `arrayFilter(pair -> JSONExtractString(pair, 'key') NOT IN ('service.name', 'host.name'), ${ofResource})`;
  const all = `arrayConcat(${own}, ${others}, JSONExtractArrayRaw(${scope}, 'attributes'))`;
  const eventName = `JSONExtractString(${record}, 'eventName')`;
  const fields: readonly (readonly [name: string, json: string])[] = [
    ['time', `toJSONString(${firstTime(record)})`],
    ['level', `toJSONString(${level(record)})`],
    ['logger', `toJSONString(JSONExtractString(${scope}, 'name'))`],
    ['message', anyValue(`JSONExtractRaw(${record}, 'body')`, deepest)],
    ['service', `toJSONString(${named('service.name')})`],
    ['host', `toJSONString(${named('host.name')})`],
    ['trace_id', id(record, 'traceId')],
    ['span_id', id(record, 'spanId')],
    ['event.name', `toJSONString(${eventName})`],
    ['attributes', objectOf(all, deepest)],
  ];
  return `concat('{', ${fields.map(([name, json]) => `'"${name}":', ${json}`).join(", ',', ")}, '}')`;
}

/** Nanoseconds as text, empty if both are 0. */
function firstTime(record: string): string {
  const nanoseconds = (key: string) => `trim(BOTH '"' FROM JSONExtractRaw(${record}, '${key}'))`;
  const [time, observed] = [nanoseconds('timeUnixNano'), nanoseconds('observedTimeUnixNano')];
  return `multiIf(${time} NOT IN ('', '0'), ${time}, ${observed} != '0', ${observed}, '')`;
}

/** From the severity text if it is a level, else from the number, four per level; the number may be given by name. */
function level(record: string): string {
  const spellings = Object.entries(levelSpellings).flatMap(([name, texts]) =>
    texts.map((text) => [text, name] as const),
  );
  const list = (texts: readonly string[]) => `[${texts.map(quoteString).join(', ')}]`;
  const known = (text: string) =>
    `transform(replaceRegexpOne(upper(trim(${text})), '([A-Z])[0-9]$', '\\\\1'), ${list(spellings.map(([text]) => text))}, ${list(spellings.map(([, name]) => name))}, '')`;
  const number = `JSONExtractRaw(${record}, 'severityNumber')`;
  return `multiIf(
    ${known(`JSONExtractString(${record}, 'severityText')`)} AS level_of_text != '', level_of_text,
    toUInt8OrZero(${number}) > 0, arrayElement(${list(levels)}, intDiv(toUInt8OrZero(${number}) + 3, 4)),
    ${known(`extract(${number}, 'SEVERITY_NUMBER_([A-Z]+)')`)})`;
}

/** An id of zeros means no id. */
function id(record: string, key: string): string {
  const text = `lower(JSONExtractString(${record}, '${key}'))`;
  return `toJSONString(if(match(${text}, '^0*$'), '', ${text}))`;
}

/** Values may be nested; deeper ones stay in OTLP's notation. */
const deepest = 3;

/** SQL of OTLP's `AnyValue` as plain JSON. */
function anyValue(value: string, depth: number): string {
  const inner = `value_${depth}`;
  const plain = ['stringValue', 'boolValue', 'doubleValue', 'bytesValue'].map(
    (kind) => `JSONHas(${value}, '${kind}'), JSONExtractRaw(${value}, '${kind}')`,
  );
  const nested =
    depth === 0
      ? []
      : [
          `JSONHas(${value}, 'arrayValue'), concat('[', arrayStringConcat(arrayMap(${inner} -> ${anyValue(inner, depth - 1)}, JSONExtractArrayRaw(${value}, 'arrayValue', 'values')), ','), ']')`,
          `JSONHas(${value}, 'kvlistValue'), ${objectOf(`JSONExtractArrayRaw(${value}, 'kvlistValue', 'values')`, depth - 1)}`,
        ];
  const whole = `JSONHas(${value}, 'intValue'), trim(BOTH '"' FROM JSONExtractRaw(${value}, 'intValue'))`;
  return `multiIf(${[...plain, whole, ...nested].join(', ')}, if(${value} IN ('', '{}'), 'null', ${value}))`;
}

/** SQL of a list of `KeyValue` as a JSON object. */
function objectOf(pairs: string, depth: number): string {
  const pair = `pair_${depth}`;
  const text = `concat(toJSONString(JSONExtractString(${pair}, 'key')), ':', ${anyValue(`JSONExtractRaw(${pair}, 'value')`, depth)})`;
  return `concat('{', arrayStringConcat(arrayMap(${pair} -> ${text}, ${pairs}), ','), '}')`;
}
