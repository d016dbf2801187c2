import type { BulkNames } from './bulk-reading.ts';
import { type ClusterVersion, isAtLeast } from './cluster-version.ts';
import type { FieldKind } from './document-field.ts';
import { allDocumentFields } from './document-fields.ts';
import { indexPatterns } from './index-name.ts';

export interface IndexTemplate {
  readonly index_patterns: readonly string[];
  readonly priority?: number;
  readonly version?: number;
  readonly _meta?: {
    readonly managed_by?: string;
    /** What the mappings and patterns follow from. */
    readonly made_for?: string;
  };
  readonly data_stream?: object;
  readonly template?: { readonly mappings: object };
}

/** Increase it when mappings change: an older template is replaced then. */
export const templateVersion = 3;

/** Of a template, so that several of one cluster are told apart. */
export function templateName(index: string): string {
  return `tailrace-${index}`;
}

export function templatePath(index: string): string {
  return `/_index_template/${templateName(index)}`;
}

/**
 * The composable index template for the documents of all tables. Fields that it does not name are kept in the document, and not
 * indexed, so that no input makes a mapping grow.
 */
export function createIndexTemplate(names: BulkNames, version: ClusterVersion): IndexTemplate {
  const { index, rotation, fields } = names;
  const mappings = mappingsOf(version);
  const properties = [...allDocumentFields(names)].map(([name, { kind }]) => [name, mappings[kind]]);
  return {
    index_patterns: indexPatterns(index, rotation),
    // Of overlapping patterns the longer one is meant.
    priority: 200 + index.length,
    version: templateVersion,
    _meta: { managed_by: 'tailrace', made_for: `${rotation}, ${fields}` },
    ...(rotation === 'stream' ? { data_stream: {} } : {}),
    template: { mappings: { dynamic: false, properties: Object.fromEntries(properties) } },
  };
}

/** Longest text that is indexed as a whole: a term has at most 32,766 bytes, a character at most four. */
const longestKeyword = 8191;

function mappingsOf(version: ClusterVersion): Readonly<Record<FieldKind, object>> {
  return {
    date: { type: 'date' },
    seconds: { type: 'date', format: 'epoch_second||strict_date_optional_time' },
    // Addresses may be masked.
    ip: { type: 'ip', ignore_malformed: true },
    keyword: { type: 'keyword', ignore_above: longestKeyword },
    text: { type: 'text' },
    short: { type: 'short' },
    integer: { type: 'integer' },
    long: { type: 'long' },
    float: { type: 'float' },
    boolean: { type: 'boolean' },
    map: mappingOfMap(version),
    place: { type: 'geo_point', ignore_malformed: true },
    kept: { type: 'keyword', index: false, doc_values: false },
  };
}

/** One field for all keys, where there is such a type; otherwise they are kept, and not indexed. */
function mappingOfMap(version: ClusterVersion): object {
  const { flavour, build } = version;
  if (flavour === 'OpenSearch' && isAtLeast(version, 2, 7)) return { type: 'flat_object' };
  if (flavour === 'Elasticsearch' && build !== 'oss' && isAtLeast(version, 7, 3)) {
    return { type: 'flattened', ignore_above: longestKeyword };
  }
  return { type: 'object', enabled: false };
}
