import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { type ComparisonName, isComparison } from '../compare/comparison.ts';
import { isLiveMode, type LiveMode } from './live-mode.ts';
import { isPreset, parseUtc, type RangeChoice } from './time-range.ts';

/** State kept in the URL, so that the back button works and a link shows what its sender saw. */
export interface ViewState {
  /** Null: the default, which depends on the data. */
  readonly range: RangeChoice | null;
  /** The filter as text; empty for all. */
  readonly q: string;
  /** Terms that stay when the filter is cleared, as text. */
  readonly pinned: string;
  readonly live: LiveMode;
  /** Borders of ranges, as {@link readBounds} reads them; empty for the usual ones. */
  readonly bounds: string;
  /** What the range is compared with. */
  readonly compare: ComparisonName;
}

export function parseView(search: string): ViewState {
  const query = new URLSearchParams(search);
  return {
    range: parseRange(query),
    q: [query.get('q'), ...formerFilters.map((name) => formerTerm(name, query.get(name)))].filter(Boolean).join(' '),
    pinned: query.get('pin') ?? '',
    live: parseLive(query.get('live') ?? ''),
    bounds: query.get('bounds') ?? '',
    compare: parseComparison(query.get('compare') ?? ''),
  };
}

/** Parameters of addresses from before there were filters. */
const formerFilters = ['distribution', 'host'];

function formerTerm(name: string, value: string | null): string {
  return value ? `${name}:"${value.replace(/[\\"]/g, '\\$&')}"` : '';
}

/** Starts with `?`; default values are left out. */
export function formatView(view: ViewState): string {
  const query = new URLSearchParams();
  if (typeof view.range === 'string') query.set('range', view.range);
  else if (view.range) {
    query.set('from', formatInput(view.range.fromMs));
    query.set('to', formatInput(view.range.toMs));
  }
  if (view.pinned) query.set('pin', view.pinned);
  if (view.q) query.set('q', view.q);
  if (view.bounds) query.set('bounds', view.bounds);
  if (view.compare !== usualComparison) query.set('compare', view.compare);
  if (view.live !== 'off') query.set('live', view.live);
  // Colons are legal in a query and readable.
  return `?${query}`.replaceAll('%3A', ':');
}

function parseRange(query: URLSearchParams): RangeChoice | null {
  const fromMs = parseUtc(query.get('from') ?? '');
  const toMs = parseUtc(query.get('to') ?? '');
  if (fromMs < toMs) return { fromMs, toMs };
  const name = query.get('range') ?? '';
  return isPreset(name) ? name : null;
}

const usualComparison = 'previous';

function parseComparison(text: string): ComparisonName {
  return isComparison(text) ? text : usualComparison;
}

function parseLive(text: string): LiveMode {
  return isLiveMode(text) ? text : 'off';
}

/** `YYYY-MM-DDTHH:MM[:SS]`, as an input of type `datetime-local` takes it. */
export function formatInput(ms: number): string {
  return new Date(ms).toISOString().slice(0, ms % 60_000 === 0 ? 16 : 19);
}

export function useViewState(): [ViewState, (change: Partial<ViewState>) => void] {
  const search = useSyncExternalStore(subscribeToAddress, () => window.location.search);
  const view = useMemo(() => parseView(search), [search]);
  const change = useCallback((part: Partial<ViewState>) => {
    navigate(formatView({ ...parseView(window.location.search), ...part }) + window.location.hash);
  }, []);
  return [view, change];
}

/** The part after `#`: the page, and the text of the SQL page, which therefore never reaches a server's log. */
export function useAddressHash(): string {
  return useSyncExternalStore(subscribeToAddress, () => window.location.hash);
}

/** Goes to an address of the console, without loading the page again. */
export function navigate(address: string): void {
  window.history.pushState(null, '', address);
  window.dispatchEvent(new PopStateEvent('popstate'));
}

/** The same in place of the address that is shown: going back does not lead here. */
export function replaceAddress(address: string): void {
  window.history.replaceState(null, '', address);
  window.dispatchEvent(new PopStateEvent('popstate'));
}

function subscribeToAddress(onChange: () => void): () => void {
  window.addEventListener('popstate', onChange);
  window.addEventListener('hashchange', onChange);
  return () => {
    window.removeEventListener('popstate', onChange);
    window.removeEventListener('hashchange', onChange);
  };
}
