import { useCallback, useMemo, useState } from 'react';
import type { DataSource, StoreRange } from '../data/report-answer.ts';
import { useAnswer } from '../data/use-answer.ts';
import { RefreshIcon } from '../panels/icons.tsx';
import { PanelError } from '../panels/panel.tsx';
import { chooseDefault, resolveRange } from '../view/time-range.ts';
import { useViewState } from '../view/view-state.ts';
import { EmptyStore } from './empty-store.tsx';
import { FilterSelect } from './filter-select.tsx';
import { PageHeader } from './page-header.tsx';
import { PanelList } from './panel-list.tsx';
import { RangePicker } from './range-picker.tsx';
import { ReportContext } from './report-context.ts';
import { SummaryTiles } from './summary-tiles.tsx';
import { TrustStrip } from './trust-strip.tsx';

export function OverviewPage({ source }: { readonly source: DataSource }) {
  const [refreshes, setRefreshes] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a refresh asks again
  const read = useCallback((signal: AbortSignal) => source.readRange(signal), [source, refreshes]);
  const store = useAnswer(read);
  if (store.value && !store.error) {
    return <FilledOverview source={source} store={store.value} onRefresh={() => setRefreshes(refreshes + 1)} />;
  }
  return (
    <>
      <PageHeader page="overview" />
      <main className="page">
        {store.error ? (
          <section className="panel">
            <PanelError message={store.error} title="overview" onRetry={store.retry} />
          </section>
        ) : (
          <div className="skeleton skeleton-page" role="status" aria-label="Loading" />
        )}
      </main>
    </>
  );
}

interface FilledOverviewProps {
  readonly source: DataSource;
  readonly store: StoreRange;
  readonly onRefresh: () => void;
}

function FilledOverview({ source, store, onRefresh }: FilledOverviewProps) {
  const [view, changeView] = useViewState();
  // Depends on the answer about the store only: a refresh updates the clock, a render in between does not.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const nowMs = useMemo(() => Date.now(), [store]);
  const choice = view.range ?? chooseDefault(store);
  const scope = useMemo(
    () => ({
      source,
      range: resolveRange(choice, store, nowMs),
      distribution: view.distribution,
      host: view.host,
      selectInterval: (range: { fromMs: number; toMs: number }) => changeView({ range }),
    }),
    [source, view, choice, store, nowMs, changeView],
  );
  const refresh = (
    <button type="button" className="button button-icon" aria-label="Refresh" title="Refresh" onClick={onRefresh}>
      <RefreshIcon />
    </button>
  );
  if (store.rows === 0) {
    return (
      <>
        <PageHeader page="overview">{refresh}</PageHeader>
        <main className="page">
          {(store.rejected > 0 || (store.damage ?? []).length > 0) && (
            <TrustStrip store={store} isLive={source.isLive} nowMs={nowMs} />
          )}
          <EmptyStore rejected={store.rejected} />
        </main>
      </>
    );
  }
  return (
    <ReportContext value={scope}>
      <PageHeader page="overview">
        <FilterSelect
          label="Distribution"
          allLabel="All distributions"
          options={store.distributions}
          value={view.distribution}
          onChoose={(distribution) => changeView({ distribution })}
        />
        <FilterSelect
          label="Host"
          allLabel="All hosts"
          options={store.hosts}
          value={view.host}
          onChoose={(host) => changeView({ host })}
        />
        <RangePicker choice={choice} range={scope.range} onChoose={(range) => changeView({ range })} />
        {refresh}
      </PageHeader>
      <main className="page">
        <TrustStrip store={store} isLive={source.isLive} nowMs={nowMs} />
        <OverviewBody />
      </main>
    </ReportContext>
  );
}

export function OverviewBody() {
  return (
    <>
      <SummaryTiles />
      <PanelList />
    </>
  );
}
