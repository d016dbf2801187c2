import type { ExploredTable } from '../../../src/explore/explored-table.ts';
import type { ExploreState } from './explore-address.ts';

const usual: Readonly<Record<ExploredTable, readonly string[]>> = {
  requests: ['time', 'status', 'method', 'path', 'cause', 'client_ip', 'country', 'duration', 'bytes_sent'],
  logs: ['time', 'level', 'service', 'message'],
};

export function shownColumns({ table, columns }: Pick<ExploreState, 'table' | 'columns'>): readonly string[] {
  return columns.length > 0 ? columns : usual[table];
}

/** With the column at the end, or without it; never without any. */
export function toggleColumn(columns: readonly string[], name: string): readonly string[] {
  if (!columns.includes(name)) return [...columns, name];
  const others = columns.filter((one) => one !== name);
  return others.length > 0 ? others : columns;
}

/** With the column at another place. */
export function moveColumn(columns: readonly string[], name: string, to: number): readonly string[] {
  const others = columns.filter((one) => one !== name);
  return [...others.slice(0, to), name, ...others.slice(to)];
}
