import { useCallback, useMemo } from 'react';
import { navigate, replaceAddress, useAddressHash } from '../view/view-state.ts';
import { type ExploreState, formatExploreAddress, readExploreAddress } from './explore-address.ts';

/** Which row is open is no step to go back to. */
const passing: ReadonlySet<string> = new Set(['row', 'isTail']);

/** What the address says of the page, and how to change it. */
export function useExploreState(): [ExploreState, (part: Partial<ExploreState>) => void] {
  const hash = useAddressHash();
  const state = useMemo(() => readExploreAddress(hash), [hash]);
  const change = useCallback((part: Partial<ExploreState>) => {
    const next = formatExploreAddress({ ...readExploreAddress(window.location.hash), ...part });
    const isPassing = Object.keys(part).every((name) => passing.has(name));
    (isPassing ? replaceAddress : navigate)(window.location.search + next);
  }, []);
  return [state, change];
}
