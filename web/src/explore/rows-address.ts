import type { Term } from '../../../src/filters/filter.ts';
import { readFilter, textOfFilter, withTerm } from '../filters/edit-filter.ts';
import { formatView, parseView } from '../view/view-state.ts';
import { exploreAddress } from './explore-address.ts';

/** The rows that a number of a page counts: its range and filter, and these terms besides. */
export function rowsAddress(terms: readonly Term[]): string {
  const view = parseView(window.location.search);
  const filter = terms.reduce(withTerm, readFilter(view.q).filter);
  return formatView({ ...view, q: textOfFilter(filter) }) + exploreAddress;
}
