import type { ExploredTable } from '../../../src/explore/explored-table.ts';
import type { Fields } from '../../../src/filters/fields.ts';
import { logFields } from '../../../src/filters/log-fields.ts';
import { requestFields } from '../../../src/filters/request-fields.ts';
import { termOf, textOfFilter } from '../filters/edit-filter.ts';
import { parseUtc } from '../view/time-range.ts';
import { formatView, parseView } from '../view/view-state.ts';
import { formatExploreAddress } from './explore-address.ts';

export interface NeighbourLink {
  readonly name: string;
  /** From the question mark. */
  readonly address: string;
}

const minuteMs = 60_000;

/** What lies around a row: of the same viewer, the same service, the same request. */
export function neighbourLinks(table: ExploredTable, values: Readonly<Record<string, unknown>>): NeighbourLink[] {
  const ms = parseUtc(String(values.time));
  const around = (minutes: number) => {
    const unit = 1000;
    const fromMs = Math.floor((ms - minutes * minuteMs) / unit) * unit;
    return { fromMs: Math.max(0, fromMs), toMs: Math.ceil((ms + minutes * minuteMs) / unit) * unit + unit };
  };
  const has = (name: string) => values[name] !== '' && values[name] !== undefined;
  const filter = (fields: Fields, names: readonly string[]) =>
    textOfFilter(
      names.filter(has).map((name) => termOf(name, String(values[name]), false, fields)),
      fields,
    );
  const search = (minutes: number, q?: string) =>
    formatView({
      ...parseView(window.location.search),
      range: around(minutes),
      ...(q === undefined ? {} : { q, pinned: '' }),
    });
  const requests = (name: string, minutes: number, fields: readonly string[]): NeighbourLink => ({
    name,
    address: search(minutes, filter(requestFields, fields)) + formatExploreAddress({ table: 'requests' }),
  });
  const logs = (name: string, minutes: number, fields: readonly string[]): NeighbourLink => ({
    name,
    address: search(minutes) + formatExploreAddress({ table: 'logs', q: filter(logFields, fields) }),
  });
  if (table === 'requests') {
    return [
      ...(has('client_ip') ? [requests('Same viewer, ± 5 min', 5, ['client_ip'])] : []),
      ...(has('request_id') ? [logs('Log lines of this request', 60, ['request_id'])] : []),
    ];
  }
  return [
    logs('Same service, ± 1 min', 1, ['service', 'group']),
    ...(has('trace_id') ? [logs('Same trace', 60, ['trace_id'])] : []),
    ...(has('request_id') ? [requests('The request', 60, ['request_id'])] : []),
  ];
}
