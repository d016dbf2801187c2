import { type ShippedTable, shippedTables } from '../destination.ts';
import { cloudfrontFields } from './cloudfront-fields.ts';
import type { DocumentField } from './document-field.ts';
import { ecsFields } from './ecs-fields.ts';
import type { Naming } from './field-naming.ts';
import { nativeFields } from './native-fields.ts';

/** Fields of the documents of a table: its stored columns, without what is empty, and what is computed on read. */
export function documentFields(table: ShippedTable, naming: Naming): readonly DocumentField[] {
  const fields = nativeFields(table);
  switch (naming) {
    case 'native':
      return fields;
    case 'ecs':
      return ecsFields(table, fields);
    case 'cloudfront':
      return cloudfrontFields(table, fields);
  }
}

/** All of them by name: fields of one name are of one kind, so that the tables can share an index. */
export function allDocumentFields(naming: Naming): ReadonlyMap<string, DocumentField> {
  return new Map(shippedTables.flatMap((table) => documentFields(table, naming).map((field) => [field.name, field])));
}
