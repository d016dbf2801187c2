import type { Naming } from '../destinations/opensearch/field-naming.ts';
import { countryPanels } from './country-panels.ts';
import { durationUnit, fieldNames, seconds } from './field-names.ts';
import { overviewPanels } from './overview-panels.ts';
import type { Panel } from './panel.ts';
import { type SavedObject, savedObject } from './saved-object.ts';

export interface IndexOfDashboards {
  /** Name of the index as configured; a part of the ids, so that the dashboards of two can be imported. */
  readonly name: string;
  /** Pattern of the indexes that it has become, as an index pattern has it. */
  readonly pattern: string;
  readonly fields: Naming;
}

interface Dashboard {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly panels: readonly Panel[];
}

/**
 * Objects of OpenSearch Dashboards 1 to 3 and Kibana 7 over the documents of requests: an index pattern, the charts, and the
 * dashboards that show them. Equal arguments give equal objects.
 */
export function searchDashboards({ name, pattern, fields }: IndexOfDashboards): SavedObject[] {
  const field = fieldNames(fields);
  const id = (part: string) => `tailrace-${name}-${part}`;
  const index = savedObject('index-pattern', id('requests'), {
    title: pattern,
    timeFieldName: field('time'),
    fieldFormatMap: JSON.stringify(fieldFormats(fields)),
  });
  const dashboards: readonly Dashboard[] = [
    {
      name: 'overview',
      title: `Tailrace: overview of ${name}`,
      description: 'Volume, quality, content, errors and clients, with the definitions of the console.',
      panels: overviewPanels(field, pattern),
    },
    {
      name: 'by-country',
      title: `Tailrace: ${name} by country`,
      description: 'Requests and viewers by country, and the time that they take.',
      panels: countryPanels(field, durationUnit(fields)),
    },
  ];
  return [index, ...dashboards.flatMap((dashboard) => [...dashboard.panels.map(visualization), board(dashboard)])];

  function visualization({ name: part, title, description, chart, query = '', range }: Panel): SavedObject {
    const reference = (place: string) => `kibanaSavedObjectMeta.searchSourceJSON.${place}`;
    const references =
      chart.type === 'metrics' ? [] : [reference('index'), ...(range ? [reference('filter[0].meta.index')] : [])];
    const source = {
      query: { query, language: 'lucene' },
      filter: range ? [rangeFilter(range, reference('filter[0].meta.index'))] : [],
      ...(chart.type === 'metrics' ? {} : { indexRefName: reference('index') }),
    };
    return savedObject(
      'visualization',
      id(part),
      {
        title: `Tailrace: ${title} (${name})`,
        description,
        visState: JSON.stringify({ title, ...chart }),
        uiStateJSON: '{}',
        version: 1,
        kibanaSavedObjectMeta: { searchSourceJSON: JSON.stringify(source) },
      },
      references.map((from) => ({ name: from, type: 'index-pattern', id: index.id })),
    );
  }

  function board({ name: part, title, description, panels }: Dashboard): SavedObject {
    return savedObject(
      'dashboard',
      id(part),
      {
        title,
        description,
        hits: 0,
        panelsJSON: JSON.stringify(layOut(panels)),
        optionsJSON: JSON.stringify({ useMargins: true, hidePanelTitles: false }),
        version: 1,
        ...{ timeRestore: true, timeFrom: 'now-24h', timeTo: 'now' },
        kibanaSavedObjectMeta: {
          searchSourceJSON: JSON.stringify({ query: { query: '', language: 'kuery' }, filter: [] }),
        },
      },
      panels.map((panel, place) => ({ name: `panel_${place}`, type: 'visualization', id: id(panel.name) })),
    );
  }
}

/** Width of a dashboard. */
const columns = 48;

/** Row after row, as many panels in each as fit; those of a row are equally high. */
function layOut(panels: readonly Panel[]): object[] {
  let [x, y, rowHeight] = [0, 0, 0];
  return panels.map(({ title, width, height }, place) => {
    if (x + width > columns) [x, y, rowHeight] = [0, y + rowHeight, 0];
    const panelIndex = String(place + 1);
    const gridData = { x, y, w: width, h: height, i: panelIndex };
    [x, rowHeight] = [x + width, Math.max(rowHeight, height)];
    return { version: '7.0.0', panelIndex, gridData, title, embeddableConfig: {}, panelRefName: `panel_${place}` };
  });
}

function rangeFilter({ field, from, below }: NonNullable<Panel['range']>, indexRefName: string): object {
  const params = { gte: from, lt: below };
  const meta = { alias: null, disabled: false, negate: false, type: 'range', key: field, params, indexRefName };
  return { meta, range: { [field]: params }, $state: { store: 'appState' } };
}

function fieldFormats(naming: Naming): Record<string, object> {
  const plain = { id: 'number', params: { pattern: '0' } };
  const duration = durationUnit(naming).format;
  const bytes = { id: 'bytes' };
  const counted = { weight: { id: 'number', params: { pattern: '0,0' } }, bytes_sent: bytes, weighted_bytes: bytes };
  const formats = { ...counted, status: plain, asn: plain, duration, ttfb: seconds.format };
  return Object.fromEntries(Object.entries(formats).map(([column, format]) => [fieldNames(naming)(column), format]));
}
