import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { Term } from '../../../src/filters/filter.ts';
import type { DataSource, StoreRange } from '../data/report-answer.ts';
import { type Loading, useAnswer } from '../data/use-answer.ts';
import { chosenValue, withChosen } from '../filters/edit-filter.ts';
import { FilterBar } from '../filters/filter-bar.tsx';
import { usePageFilter } from '../filters/use-filter.ts';
import { RefreshIcon } from '../panels/icons.tsx';
import { PanelError } from '../panels/panel.tsx';
import { liveModes } from '../view/live-mode.ts';
import { chooseDefault, endsNow, parseUtc, resolveRange } from '../view/time-range.ts';
import { useTicks } from '../view/use-ticks.ts';
import { useViewState } from '../view/view-state.ts';
import { CompletenessFacts } from './completeness-facts.tsx';
import { EmptyStore } from './empty-store.tsx';
import { FilterSelect } from './filter-select.tsx';
import { LiveSelect } from './live-select.tsx';
import { PageHeader } from './page-header.tsx';
import { PanelList } from './panel-list.tsx';
import { RangePicker } from './range-picker.tsx';
import { ReportContext } from './report-context.ts';
import { SummaryTiles } from './summary-tiles.tsx';
import { TrustStrip } from './trust-strip.tsx';

interface OverviewPageProps {
  readonly source: DataSource;
  readonly page?: 'overview' | 'geography';
  /** What is below the strip; default: the panels of the overview. */
  readonly children?: ReactNode;
}

/** A page about the requests of a range and a filter. */
export function OverviewPage({ source, page = 'overview', children = <OverviewBody /> }: OverviewPageProps) {
  const [{ live }, changeView] = useViewState();
  const [refreshes, setRefreshes] = useState(0);
  const ticks = useTicks(liveModes[live].everyMs);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a refresh asks again
  const read = useCallback((signal: AbortSignal) => source.readRange(signal), [source, refreshes, ticks]);
  const store = useAnswer(read, 'range');
  const refresh = () => setRefreshes((count) => count + 1);
  const tools = (
    <div className="refresh-tools">
      <LiveSelect mode={live} onChoose={(mode) => changeView({ live: mode })} />
      <button type="button" className="button button-icon" aria-label="Refresh" title="Refresh" onClick={refresh}>
        <RefreshIcon />
      </button>
    </div>
  );
  if (store.value) {
    return (
      <FilledOverview
        source={source}
        store={store.value}
        refreshes={refreshes}
        onRefresh={refresh}
        asked={store}
        tools={tools}
        page={page}
      >
        {children}
      </FilledOverview>
    );
  }
  return (
    <>
      <PageHeader page={page}>
        <div className="range-picker" />
        {tools}
      </PageHeader>
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
  /** How often the user asked for newer data. */
  readonly refreshes: number;
  readonly onRefresh: () => void;
  readonly asked: Pick<Loading<StoreRange>, 'error'>;
  readonly tools: ReactNode;
  readonly page: 'overview' | 'geography';
  readonly children: ReactNode;
}

function FilledOverview({ source, store, refreshes, onRefresh, asked, tools, page, children }: FilledOverviewProps) {
  const [view, changeView] = useViewState();
  const nowMs = parseUtc(store.now);
  const filter = usePageFilter();
  const choose = (field: string) => (value: string) => filter.change({ free: withChosen(filter.free, field, value) });
  const choice = view.range ?? chooseDefault(store);
  const isFed = endsNow(store);
  // Where nothing has come and time does not move the range, the panels need not be asked again.
  const state = isFed ? store.now : JSON.stringify({ ...store, now: '', refreshes });
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const scope = useMemo(
    () => ({
      source,
      range: resolveRange(choice, store),
      ...(isFed ? { asOfMs: nowMs } : {}),
      question: JSON.stringify([choice, filter.q]),
      q: filter.q,
      addTerm: (term: Term) => filter.add([term]),
      addTerms: filter.add,
      selectInterval: (range: { fromMs: number; toMs: number }) => changeView({ range }),
    }),
    [source, view, state, changeView],
  );
  const strip = (facts?: ReactNode) => (
    <TrustStrip store={store} isLive={source.isLive} problem={asked.error} refreshing={view.live}>
      {facts}
    </TrustStrip>
  );
  if (store.rows === 0) {
    return (
      <>
        <PageHeader page={page}>
          <div className="range-picker" />
          {tools}
        </PageHeader>
        <main className="page">
          {strip()}
          <EmptyStore store={store} onStored={onRefresh} />
        </main>
      </>
    );
  }
  return (
    <ReportContext value={scope}>
      <PageHeader page={page}>
        <RangePicker
          choice={choice}
          range={scope.range}
          end={isFed ? 'now' : 'the last event'}
          isLast={scope.range.toMs > (isFed ? nowMs : parseUtc(store.lastTime ?? store.now))}
          onChoose={(range) => changeView({ range })}
        />
        {tools}
      </PageHeader>
      <main className={asked.error === null ? 'page' : 'page page-stale'}>
        <div className="filters">
          <FilterSelect
            label="Distribution"
            allLabel="All distributions"
            options={store.distributions}
            value={chosenValue(filter.free, 'distribution')}
            onChoose={choose('distribution')}
          />
          <FilterSelect
            label="Host"
            allLabel="All hosts"
            options={store.hosts}
            value={chosenValue(filter.free, 'host')}
            onChoose={choose('host')}
          />
          <FilterBar filter={filter} />
        </div>
        {strip(<CompletenessFacts />)}
        {children}
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
