import { quoteString } from '../../engine/bound-parameter.ts';
import { fields as loggedFields } from '../../formats/cloudfront-realtime/fields.ts';
import type { ShippedTable } from '../destination.ts';
import type { DocumentField } from './document-field.ts';

const time = 'timestamp';
const nameOf = new Map(loggedFields.flatMap(({ name, column }) => (column ? [[column as string, name]] : [])));
/** Fields of the log that are kept in `extra`. */
const inExtra = loggedFields.flatMap(({ name, column }) => (column || name === time ? [] : [name]));

/**
 * The names of CloudFront's real-time log, with values in its units; what the log does not have is named as its column.
 * @param fields as the columns are named
 */
export function cloudfrontFields(table: ShippedTable, fields: readonly DocumentField[]): readonly DocumentField[] {
  return fields.flatMap((field): readonly DocumentField[] => {
    if (field.name === 'time') {
      return [
        {
          name: time,
          sql: `toUnixTimestamp64Milli(toDateTime64(${field.sql}, 3)) / 1000`,
          type: 'Float64',
          kind: 'seconds',
        },
      ];
    }
    if (table !== 'requests') return [field];
    if (field.name === 'extra') {
      const names = inExtra.map(quoteString).join(', ');
      return [
        { ...field, sql: `mapFilter((key, value) -> NOT key IN (${names}), ${field.sql})` },
        ...inExtra.map(fieldOfExtra),
      ];
    }
    return [{ ...field, name: nameOf.get(field.name) ?? field.name }];
  });
}

function fieldOfExtra(name: string): DocumentField {
  return { name, sql: `nullIf(extra[${quoteString(name)}], '')`, type: 'Nullable(String)', kind: 'keyword' };
}
