import { quoteString } from '../engine/bound-parameter.ts';

/** Numbers elements readably, and above those of lines without a list: element 17 of line 3 is number 3000000017. */
const elementsPerLine = 1_000_000_000;

/**
 * FROM clause over `source`, one row per element of the list that a line's JSON object has under a key: `object`,
 * `line_number` (unique within the object), `line` (the element), `line_bytes` and the carried columns. A line without
 * such a list is one unchanged row, one with an empty list an empty line.
 *
 * `line_bytes` of a line's elements, with a newline each, add up to those of the line, so that the books balance.
 */
export function listedLines(source: string, where: string, carried: readonly string[], key: string): string {
  const name = quoteString(key);
  // Its transports are part of a line's length.
  const received = `length(${carried.includes('received') ? 'received' : 'document'})`;
  const others = ['object', ...carried].join(', ');
  return `(
    SELECT
      ${others},
      if(is_list, (document_number + 1) * ${elementsPerLine} + place - 1, document_number) AS line_number,
      element AS line,
      toUInt64(multiIf(NOT is_list, ${received}, place = 1, ${received} - (length(elements) - 1), 0)) AS line_bytes
    FROM (
      SELECT
        ${others},
        line_number AS document_number,
        line AS document,
        JSONType(document, ${name}) = 'Array' AS is_list,
        if(is_list, JSONExtractArrayRaw(document, ${name}), [document]) AS found,
        if(empty(found), [''], found) AS elements
      FROM ${source} ${where}
    )
    ARRAY JOIN elements AS element, arrayEnumerate(elements) AS place
  )`;
}
