import type { ExploredTable } from '../../../src/explore/explored-table.ts';

/** The page of rows; its state is behind it. */
export const exploreAddress = '#/explore';

/** What the page shows besides range and filter, which are those of all pages. The filter of logs is its own. */
export interface ExploreState {
  readonly table: ExploredTable;
  /** Empty: the usual ones. */
  readonly columns: readonly string[];
  /** Position of the row that is open; empty for none. */
  readonly row: string;
  /** Whether rows are shown as they are stored. */
  readonly isTail: boolean;
  /** The filter of logs. */
  readonly q: string;
  readonly pinned: string;
}

export function isExploreAddress(hash: string): boolean {
  return hash === exploreAddress || hash.startsWith(`${exploreAddress}?`);
}

export function readExploreAddress(hash: string): ExploreState {
  const query = new URLSearchParams(hash.slice(exploreAddress.length));
  const columns = (query.get('columns') ?? '').split(',').filter(Boolean);
  return {
    table: query.get('table') === 'logs' ? 'logs' : 'requests',
    columns,
    row: query.get('row') ?? '',
    isTail: query.has('tail'),
    q: query.get('q') ?? '',
    pinned: query.get('pin') ?? '',
  };
}

/** Defaults are left out. */
export function formatExploreAddress(state: Partial<ExploreState>): string {
  const query = new URLSearchParams();
  if (state.table === 'logs') query.set('table', 'logs');
  if (state.columns?.length) query.set('columns', state.columns.join());
  if (state.pinned) query.set('pin', state.pinned);
  if (state.q) query.set('q', state.q);
  if (state.row) query.set('row', state.row);
  if (state.isTail) query.set('tail', '1');
  const text = String(query).replaceAll('%3A', ':').replaceAll('%2C', ',');
  return text === '' ? exploreAddress : `${exploreAddress}?${text}`;
}
