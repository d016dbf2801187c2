import { errorGroup, shownCause, withNamedCause } from '../schema/error-taxonomy.ts';
import { type Column, requestColumns } from '../schema/requests.ts';

/** What the values of a field are; it decides what a term can ask of them. */
export type FieldKind = 'text' | 'whole number' | 'number' | 'yes or no';

export interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  /** SQL over a row. */
  readonly sql: string;
  /** Columns that the SQL reads. */
  readonly columns: readonly string[];
  /** Type of a value in SQL. */
  readonly type: string;
  /** Whether a value may be missing, other than as an empty text. */
  readonly isNullable: boolean;
  readonly description: string;
}

/** What rows of a table can be filtered by. */
export interface Fields {
  readonly byName: ReadonlyMap<string, Field>;
  /** Other names, in lower case. */
  readonly aliases: ReadonlyMap<string, string>;
  /** The field in which a word without a field's name is searched. */
  readonly searched: string;
  /** Names that people may write, with the reason why there is no such field. */
  readonly absent: ReadonlyMap<string, string>;
}

const taxonomyColumns = ['status', 'result', 'response_result', 'detailed_result'];

/** Of `requests`: its columns, and what the errors are told apart by. */
export const requestFields: Fields = {
  byName: new Map(
    [
      ...fieldsOf(requestColumns),
      derived('cause', withNamedCause(shownCause), taxonomyColumns, 'Cause of an error, as in the list of errors'),
      derived('error_group', withNamedCause(errorGroup), taxonomyColumns, 'Who has to act on an error'),
      derived('referer_host', 'domain(referer)', ['referer'], 'Host of the referer'),
    ].map((field) => [field.name, field]),
  ),
  aliases: new Map([
    ['address', 'client_ip'],
    ['browser_name', 'browser'],
    ['bytes', 'bytes_sent'],
    ['edge', 'edge_location'],
    ['ip', 'client_ip'],
    ['referrer', 'referer'],
    ['time_taken', 'duration'],
    ['time_to_first_byte', 'ttfb'],
    ['tls', 'tls_protocol'],
    ['uri', 'path'],
    ['url', 'path'],
    ['who', 'error_group'],
  ]),
  searched: 'path',
  absent: new Map([
    ['time', 'the range on the page sets the time'],
    ['extra', 'fields without a column of their own can be asked for only in SQL'],
  ]),
};

function fieldsOf(columns: Readonly<Record<string, Column>>): Field[] {
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

function derived(name: string, sql: string, columns: readonly string[], description: string): Field {
  return { name, kind: 'text', sql, columns, type: 'String', isNullable: false, description };
}
