import { describe, expect, test } from 'vitest';
import { documentFields } from '../destinations/opensearch/document-fields.ts';
import { namings } from '../destinations/opensearch/field-naming.ts';
import type { SavedObject } from './saved-object.ts';
import { searchDashboards } from './search-dashboards.ts';

const index = { name: 'realtime', pattern: 'realtime-1*,realtime-2*', fields: 'native' } as const;
const objects = searchDashboards(index);
const ofType = (wanted: string) => objects.filter(({ type }) => type === wanted);
const json = (text: unknown) => JSON.parse(String(text));

interface Source {
  readonly indexRefName?: string;
  readonly filter: readonly { readonly meta: { readonly indexRefName: string; readonly key: string } }[];
}
const sourceOf = ({ attributes }: SavedObject): Source =>
  json((attributes.kibanaSavedObjectMeta as { searchSourceJSON: string }).searchSourceJSON);

/** Rules of the import and its migrations, in the source of Kibana 7.17 and of OpenSearch Dashboards. */
describe('the import', () => {
  test('takes each type and id once, and the same ones again', () => {
    expect(new Set(objects.map(({ type, id }) => `${type}:${id}`)).size).toBe(objects.length);
    expect(searchDashboards(index)).toEqual(objects);
    expect(
      searchDashboards({ ...index, name: 'other' }).filter(({ id }) => objects.some((one) => one.id === id)),
    ).toEqual([]);
  });

  test('knows no newer form in Kibana 7.0, whose last migrations these are', () => {
    const newest = { 'index-pattern': '6.5.0', visualization: '7.0.0', dashboard: '7.0.0' };
    for (const { type, migrationVersion } of objects) expect(migrationVersion).toEqual({ [type]: newest[type] });
  });

  test('finds what is referred to, and each name that an object mentions', () => {
    const known = objects.map(({ type, id }) => `${type}:${id}`);
    for (const object of objects) {
      for (const { type, id } of object.references) expect(known).toContain(`${type}:${id}`);
      const panels: { panelRefName: string }[] = object.type === 'dashboard' ? json(object.attributes.panelsJSON) : [];
      const { indexRefName, filter } = object.type === 'index-pattern' ? { filter: [] } : sourceOf(object);
      const mentioned = [
        ...(indexRefName === undefined ? [] : [indexRefName]),
        ...filter.map(({ meta }) => meta.indexRefName),
        ...panels.map(({ panelRefName }) => panelRefName),
      ];
      expect(object.references.map(({ name }) => name)).toEqual(mentioned);
    }
  });

  test('gives each panel a place of its own', () => {
    for (const { attributes } of ofType('dashboard')) {
      const panels: { gridData: { x: number; y: number; w: number; h: number } }[] = json(attributes.panelsJSON);
      const places = panels.flatMap(({ gridData: { x, y, w, h } }) =>
        Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)}/${y + Math.floor(cell / w)}`),
      );
      expect(new Set(places).size).toBe(places.length);
      expect(Math.max(...panels.map(({ gridData: { x, w } }) => x + w))).toBe(48);
    }
  });
});

/** Kinds of fields by aggregation, as the editors offer them; a chart over another one shows an error. */
const numbers = ['short', 'integer', 'long', 'float'];
const kinds: Readonly<Record<string, readonly string[]>> = {
  ...{
    sum: numbers,
    percentiles: numbers,
    range: numbers,
    date_histogram: ['date', 'seconds'],
    cardinality: ['ip', 'keyword'],
  },
  terms: [...numbers, 'ip', 'keyword'],
};

test.each(namings)('every aggregation is over a field of its kind, with fields: %s', (fields) => {
  const kindOf = new Map(documentFields('requests', { fields, rotation: 'day' }).map(({ name, kind }) => [name, kind]));
  const charts = searchDashboards({ ...index, fields }).filter(({ type }) => type === 'visualization');
  for (const { attributes } of charts) {
    const { type, aggs } = json(attributes.visState);
    expect(aggs.length > 0).toBe(type !== 'metrics');
    for (const { type, params } of aggs) {
      if (type === 'filters') continue;
      expect(kinds[type]).toContain(kindOf.get(params.field));
    }
  }
});
