import { useCallback, useMemo } from 'react';
import type { Fields } from '../../../src/filters/fields.ts';
import type { Filter, Term } from '../../../src/filters/filter.ts';
import { requestFields } from '../../../src/filters/request-fields.ts';
import { useViewState } from '../view/view-state.ts';
import { readFilter, textOfFilter, withTerm } from './edit-filter.ts';

/** The filter in the address: what stays, and what is cleared. */
export interface PageFilter {
  readonly fields: Fields;
  readonly pinned: Filter;
  readonly free: Filter;
  /** Both, as text. */
  readonly q: string;
  /** Why the text in the address cannot be read. */
  readonly problem: string | null;
  readonly change: (part: { readonly pinned?: Filter; readonly free?: Filter }) => void;
  readonly add: (terms: readonly Term[]) => void;
}

/** A filter as it is in the address. */
export interface FilterTexts {
  readonly pinned: string;
  readonly q: string;
}

/** Of requests, which all pages about them share. */
export function usePageFilter(): PageFilter {
  const [view, changeView] = useViewState();
  return useFilter(requestFields, view, changeView);
}

/** @param changeTexts memoized */
export function useFilter(
  fields: Fields,
  texts: FilterTexts,
  changeTexts: (part: Partial<FilterTexts>) => void,
): PageFilter {
  const { filter: pinned, problem: pinnedProblem } = useMemo(
    () => readFilter(texts.pinned, fields),
    [texts.pinned, fields],
  );
  const { filter: free, problem } = useMemo(() => readFilter(texts.q, fields), [texts.q, fields]);
  const change = useCallback<PageFilter['change']>(
    (part) =>
      changeTexts({
        ...(part.pinned ? { pinned: textOfFilter(part.pinned, fields) } : {}),
        ...(part.free ? { q: textOfFilter(part.free, fields) } : {}),
      }),
    [changeTexts, fields],
  );
  const add = useCallback<PageFilter['add']>(
    (terms) => {
      change({ free: terms.reduce(withTerm, free) });
    },
    [free, change],
  );
  return {
    fields,
    pinned,
    free,
    q: [texts.pinned, texts.q].filter(Boolean).join(' '),
    problem: pinnedProblem ?? problem,
    change,
    add,
  };
}
