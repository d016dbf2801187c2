import { type ShippedTable, shippedTables } from '../destination.ts';
import { cloudfrontFields } from './cloudfront-fields.ts';
import type { DocumentField } from './document-field.ts';
import { ecsFields } from './ecs-fields.ts';
import type { Naming } from './field-naming.ts';
import type { Rotation } from './index-name.ts';
import { nativeFields } from './native-fields.ts';

export interface DocumentShape {
  readonly fields: Naming;
  readonly rotation: Rotation;
}

/** Every document of a data stream has it. */
const streamTime = '@timestamp';

/** Fields of the documents of a table: its stored columns, without what is empty, and what is computed on read. */
export function documentFields(table: ShippedTable, { fields, rotation }: DocumentShape): readonly DocumentField[] {
  const columns = nativeFields(table);
  const named = withNames(fields, table, columns);
  if (rotation !== 'stream' || named.some(({ name }) => name === streamTime)) return named;
  return [...named, ...columns.filter(({ name }) => name === 'time').map((field) => ({ ...field, name: streamTime }))];
}

/** The field that holds the values of a column of `requests`. */
export function fieldOfColumn(column: string, naming: Naming): DocumentField {
  const columns = nativeFields('requests').filter(({ name }) => name === column);
  const [field] = withNames(naming, 'requests', columns);
  if (field === undefined) throw new Error(`BUG: documents of requests have no field for the column "${column}"`);
  return field;
}

function withNames(naming: Naming, table: ShippedTable, columns: readonly DocumentField[]): readonly DocumentField[] {
  switch (naming) {
    case 'native':
      return columns;
    case 'ecs':
      return ecsFields(table, columns);
    case 'cloudfront':
      return cloudfrontFields(table, columns);
  }
}

/** All of them by name: fields of one name are of one kind, so that the tables can share an index. */
export function allDocumentFields(shape: DocumentShape): ReadonlyMap<string, DocumentField> {
  return new Map(shippedTables.flatMap((table) => documentFields(table, shape).map((field) => [field.name, field])));
}
