/**
 * Objects of OpenSearch Dashboards and Kibana as their import takes them, one on each line.
 * https://www.elastic.co/guide/en/kibana/7.17/saved-objects-api-import.html
 */
export interface SavedObject {
  /** Importing an object again replaces the one of this type and id. */
  readonly id: string;
  readonly type: SavedObjectType;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly references: readonly ObjectReference[];
  /** Form of the attributes: a newer program migrates them upwards, an older one refuses them. */
  readonly migrationVersion: Readonly<Record<string, string>>;
}

export type SavedObjectType = 'index-pattern' | 'visualization' | 'dashboard';

interface ObjectReference {
  readonly name: string;
  readonly type: SavedObjectType;
  readonly id: string;
}

/** The newest forms that Kibana 7.0 knows, and so everything since: OpenSearch Dashboards began as Kibana 7.10. */
const forms: Readonly<Record<SavedObjectType, string>> = {
  'index-pattern': '6.5.0',
  visualization: '7.0.0',
  dashboard: '7.0.0',
};

/** @param references of the names by which the attributes mention other objects */
export function savedObject(
  type: SavedObjectType,
  id: string,
  attributes: SavedObject['attributes'],
  references: readonly ObjectReference[] = [],
): SavedObject {
  return { id, type, attributes, references, migrationVersion: { [type]: forms[type] } };
}
