import './explore.css';
import { useMemo } from 'react';
import { logFields } from '../../../src/filters/log-fields.ts';
import type { DataSource } from '../data/report-answer.ts';
import { useFilter, usePageFilter } from '../filters/use-filter.ts';
import { OverviewPage, type Topic } from '../overview/overview-page.tsx';
import { ExploreBody } from './explore-body.tsx';
import { useExploreState } from './use-explore-state.ts';

/** Rows of requests or of logs, one by one. */
export function ExplorePage({ source }: { readonly source: DataSource }) {
  const [state, change] = useExploreState();
  const requests = usePageFilter();
  const logs = useFilter(logFields, state, change);
  const filter = state.table === 'logs' ? logs : requests;
  const topic = useMemo((): Topic => ({ table: state.table, filter }), [state.table, filter]);
  return (
    <OverviewPage source={source} page="explore" topic={topic}>
      <ExploreBody key={state.table} />
    </OverviewPage>
  );
}
