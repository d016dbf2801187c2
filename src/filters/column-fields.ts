import type { Column } from '../schema/requests.ts';
import type { Field, FieldKind } from './fields.ts';

/** Those of a table's columns that have one value a row. */
export function fieldsOf(columns: Readonly<Record<string, Column>>): Field[] {
  return Object.entries(columns).flatMap(([name, { type, comment }]) => {
    const kind = kindOf(type);
    if (kind === undefined) return [];
    const isNullable = type.startsWith('Nullable(');
    const valueType = kind === 'text' ? 'String' : isNullable ? type.slice('Nullable('.length, -1) : type;
    return [{ name, kind, sql: name, columns: [name], type: valueType, isNullable, description: comment }];
  });
}

function kindOf(type: string): FieldKind | undefined {
  if (/^(?:LowCardinality\()?String\b/.test(type)) return 'text';
  if (/^(?:Nullable\()?UInt/.test(type)) return 'whole number';
  if (/^(?:Nullable\()?Float/.test(type)) return 'number';
  return type === 'Bool' ? 'yes or no' : undefined;
}

/** @param columns that the SQL reads */
export function derivedField(name: string, sql: string, columns: readonly string[], description: string): Field {
  return { name, kind: 'text', sql, columns, type: 'String', isNullable: false, description };
}
