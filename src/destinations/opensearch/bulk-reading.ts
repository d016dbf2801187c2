import { quoteIdentifier } from '../../schema/quote-identifier.ts';
import type { Reading, ShippedTable } from '../destination.ts';
import { type DocumentShape, documentFields } from './document-fields.ts';
import { indexName } from './index-name.ts';

/** Names in bulk bodies. */
export interface BulkNames extends DocumentShape {
  /** Name of the index or the data stream, or what it begins with. */
  readonly index: string;
}

/**
 * How the engine writes a table as the body of a `_bulk` request: for each row the line of its action and the line of its
 * document. The id depends on nothing but the row, so that a document that is created again is refused as the same one.
 */
export function bulkReading(table: ShippedTable, names: BulkNames): Reading {
  const { index, rotation } = names;
  const fields = documentFields(table, names);
  const time = table === 'rejects' ? 'at' : 'time';
  const action = `tuple(tuple(${indexName(index, rotation, time)}, ${ids[table]}))::Tuple(create Tuple(_index String, _id String))`;
  const document = `
    tuple(${fields.map(({ sql }) => sql).join(', ')})
      ::Tuple(${fields.map(({ name, type }) => `${quoteIdentifier(name)} ${type}`).join(', ')})`;
  return {
    table,
    // The engine checks the bytes of its JSON formats, not those of its functions.
    select: `toValidUTF8(concat(toJSONString(${action}), '\\n', toJSONString(${document})))`,
    format: 'TSVRaw',
    settings: { output_format_json_skip_null_value_in_named_tuples: 1, output_format_json_escape_forward_slashes: 0 },
  };
}

/**
 * Ids of rows. Those of a batch begin alike, which the cluster's files store in little space. Rows that were stored before
 * they had an identity are told apart by their values. Rejects of one origin in one batch may come from several deliveries, whose lines
 * have the same numbers; equal ones are counted.
 */
const ids: Readonly<Record<ShippedTable, string>> = {
  requests: lineId('r'),
  logs: lineId('l'),
  rejects: `concat(
    toString(batch), '-x', hex(sipHash64(origin, line_number, reason, line)), '-',
    toString(row_number() OVER (PARTITION BY origin, line_number, reason, line)))`,
};

function lineId(letter: string): string {
  return `if(
    object = 0 AND line_number = 0,
    concat(toString(batch), '-${letter}', hex(sipHash128(toJSONString(tuple(*))))),
    concat(toString(batch), '-${letter}', toString(object), '-', toString(line_number)))`;
}
