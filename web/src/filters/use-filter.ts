import { useCallback, useMemo } from 'react';
import type { Filter, Term } from '../../../src/filters/filter.ts';
import { useViewState } from '../view/view-state.ts';
import { readFilter, textOfFilter, withTerm } from './edit-filter.ts';

/** The filter in the address: what stays, and what is cleared. */
export interface PageFilter {
  readonly pinned: Filter;
  readonly free: Filter;
  /** Both, as text. */
  readonly q: string;
  /** Why the text in the address cannot be read. */
  readonly problem: string | null;
  readonly change: (part: { readonly pinned?: Filter; readonly free?: Filter }) => void;
  readonly add: (terms: readonly Term[]) => void;
}

export function usePageFilter(): PageFilter {
  const [view, changeView] = useViewState();
  const { filter: pinned, problem: pinnedProblem } = useMemo(() => readFilter(view.pinned), [view.pinned]);
  const { filter: free, problem } = useMemo(() => readFilter(view.q), [view.q]);
  const change = useCallback<PageFilter['change']>(
    (part) =>
      changeView({
        ...(part.pinned ? { pinned: textOfFilter(part.pinned) } : {}),
        ...(part.free ? { q: textOfFilter(part.free) } : {}),
      }),
    [changeView],
  );
  const add = useCallback<PageFilter['add']>(
    (terms) => {
      change({ free: terms.reduce(withTerm, free) });
    },
    [free, change],
  );
  return {
    pinned,
    free,
    q: [view.pinned, view.q].filter(Boolean).join(' '),
    problem: pinnedProblem ?? problem,
    change,
    add,
  };
}
