import { quoteString } from '../../engine/bound-parameter.ts';
import { logColumns } from '../../schema/logs.ts';
import { lineColumns } from '../../schema/object-place.ts';
import { requestColumns } from '../../schema/requests.ts';
import type { ShippedTable } from '../destination.ts';
import type { DocumentField, FieldKind } from './document-field.ts';

/** A field for each stored column of a table, of the same name. */
export function nativeFields(table: ShippedTable): readonly DocumentField[] {
  const fields = Object.entries(columnTypes[table]).flatMap(([name, type]) =>
    type.startsWith('Map') ? fieldsOfMap(name) : [fieldOf(name, type)],
  );
  return table === 'requests' ? [...fields, edgePlace, ...scaledFields] : fields;
}

const columnTypes: Readonly<Record<ShippedTable, Readonly<Record<string, string>>>> = {
  requests: typesOf(requestColumns),
  logs: typesOf({ ...logColumns, ...lineColumns }),
  rejects: {
    at: "DateTime('UTC')",
    origin: 'String',
    line_number: 'UInt64',
    reason: 'String',
    line: 'String',
    source_format: 'String',
    batch: 'UInt64',
  },
};

/** Text that is searched for its words; all other text is compared as a whole. */
const prose = ['message', 'line'];

const numberKinds: Readonly<Record<string, FieldKind>> = {
  UInt8: 'short',
  UInt16: 'integer',
  UInt32: 'long',
  UInt64: 'long',
  Float32: 'float',
  Bool: 'boolean',
};

function typesOf(columns: Readonly<Record<string, { readonly type: string }>>): Record<string, string> {
  return Object.fromEntries(Object.entries(columns).map(([name, { type }]) => [name, type]));
}

function fieldOf(name: string, type: string): DocumentField {
  // A number of 64 bits is a double to many programs.
  if (name === 'batch') return { name, sql: 'toString(batch)', type: 'String', kind: 'keyword' };
  // One index has one field for the time of its documents.
  if (name === 'at') return { name: 'time', sql: name, type, kind: 'date' };
  if (type.startsWith('DateTime')) return { name, sql: name, type, kind: 'date' };
  if (type.includes('String')) {
    const kind = name === 'client_ip' ? 'ip' : prose.includes(name) ? 'text' : 'keyword';
    return { name, sql: `nullIf(${name}, '')`, type: 'Nullable(String)', kind };
  }
  const kind = numberKinds[type.replace(/^Nullable\((.*)\)$/, '$1')];
  if (kind === undefined) throw new Error(`BUG: no kind of field for the column "${name}" of type "${type}"`);
  // A viewer may ask for a range that ends above what the cluster takes as a number, and its document would be refused.
  if (kind === 'long')
    return { name, sql: `if(${name} > ${greatestLong}, NULL, ${name})`, type: 'Nullable(UInt64)', kind };
  return { name, sql: name, type, kind };
}

const greatestLong = '9223372036854775807';

/** A term of an index has at most 32,766 bytes, and a longer value makes OpenSearch refuse the document. */
const longestInMap = 30_000;

function fieldsOfMap(name: string): DocumentField[] {
  const long = `length(key) + length(value) > ${longestInMap}`;
  return [
    { name, sql: `mapFilter((key, value) -> NOT ${long}, ${name})`, type: 'Map(String, String)', kind: 'map' },
    {
      name: `${name}_long`,
      sql: `nullIf(toJSONString(mapFilter((key, value) -> ${long}, ${name})), '{}')`,
      type: 'Nullable(String)',
      kind: 'kept',
    },
  ];
}

const edgeAttribute = (name: string) =>
  `toString(dictGet('tailrace.edge_locations', ${quoteString(name)}, tuple(substring(edge_location, 1, 3))))`;

/** Of the edge location, whose code begins with that of an airport. */
const edgePlace: DocumentField = {
  name: 'edge_place',
  sql: `if(
    dictHas('tailrace.edge_locations', tuple(substring(edge_location, 1, 3))),
    concat(${edgeAttribute('latitude')}, ',', ${edgeAttribute('longitude')}),
    NULL)`,
  type: 'Nullable(String)',
  kind: 'place',
};

/** A row that somebody else wrote may have none; dividing by zero is an error of its whole batch. */
const samplingRate = 'if(sampling_rate = 0, 100, sampling_rate)';

/** What a document counts for where logs are sampled, so that clusters can add it up without a script. */
const scaledFields: readonly DocumentField[] = [
  { name: 'weight', sql: `toFloat32(100 / ${samplingRate})`, type: 'Float32', kind: 'float' },
  {
    name: 'weighted_bytes',
    sql: `if(bytes_sent > ${greatestLong} / 100, NULL, toUInt64(round(bytes_sent * 100 / ${samplingRate})))`,
    type: 'Nullable(UInt64)',
    kind: 'long',
  },
];
