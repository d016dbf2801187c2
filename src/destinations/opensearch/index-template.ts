import { type ClusterVersion, isAtLeast } from './cluster-version.ts';
import { allDocumentFields, type FieldKind } from './document-fields.ts';
import type { Rotation } from './index-name.ts';

/** Increase it when mappings change: an older template is replaced then. */
export const templateVersion = 1;

/** Of a template, so that several of one cluster are told apart. */
export function templateName(index: string): string {
  return `tailrace-${index}`;
}

/**
 * The composable index template for the documents of all tables. Fields that it does not name are kept in the document, and not
 * indexed, so that no input makes a mapping grow.
 */
export function createIndexTemplate(index: string, rotation: Rotation, version: ClusterVersion): object {
  const mappings = mappingsOf(version);
  const properties = [...allDocumentFields()].map(([name, { kind }]) => [name, mappings[kind]]);
  return {
    // Not "index-*", which would be the pattern of "index-other-*" too. Years have four digits.
    index_patterns: rotation === 'none' ? [index] : [`${index}-1*`, `${index}-2*`],
    // Of overlapping patterns the longer one is meant.
    priority: 200 + index.length,
    version: templateVersion,
    _meta: { managed_by: 'tailrace' },
    template: { mappings: { dynamic: false, properties: Object.fromEntries(properties) } },
  };
}

/** Longest text that is indexed as a whole: a term has at most 32,766 bytes, a character at most four. */
const longestKeyword = 8191;

function mappingsOf(version: ClusterVersion): Readonly<Record<FieldKind, object>> {
  return {
    date: { type: 'date' },
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
