import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { Term } from '../../../src/filters/filter.ts';
import { CompareSelect } from '../compare/compare-select.tsx';
import { compareRange } from '../compare/comparison.ts';
import type { DataSource, StoreRange } from '../data/report-answer.ts';
import { shareAnswers } from '../data/share-answers.ts';
import { type Loading, useAnswer } from '../data/use-answer.ts';
import { readValues } from '../explore/explore-source.ts';
import { chosenValue, withChosen } from '../filters/edit-filter.ts';
import { FilterBar } from '../filters/filter-bar.tsx';
import { type PageFilter, usePageFilter } from '../filters/use-filter.ts';
import { usePageKeys } from '../keys/page-keys.ts';
import { RefreshIcon } from '../panels/icons.tsx';
import { PanelError } from '../panels/panel.tsx';
import { liveModes } from '../view/live-mode.ts';
import { chooseDefault, endsNow, parseUtc, resolveRange, toSqlTime } from '../view/time-range.ts';
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
  readonly page?: RangedPage;
  /** Absent: requests, with the filter that all pages about them share. */
  readonly topic?: Topic;
  /** What is below the strip; default: the panels of the overview. */
  readonly children?: ReactNode;
}

type RangedPage = 'overview' | 'geography' | 'explore';

/** What the rows of a page are. */
export interface Topic {
  readonly table: 'requests' | 'logs';
  readonly filter: PageFilter;
}

/** A page about the rows of a range and a filter. */
export function OverviewPage({ source, page = 'overview', topic, children = <OverviewBody /> }: OverviewPageProps) {
  const [{ live }, changeView] = useViewState();
  const [refreshes, setRefreshes] = useState(0);
  const ticks = useTicks(liveModes[live].everyMs);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a refresh asks again
  const read = useCallback((signal: AbortSignal) => source.readRange(signal), [source, refreshes, ticks]);
  const store = useAnswer(read, 'range');
  const refresh = () => setRefreshes((count) => count + 1);
  usePageKeys({ r: refresh });
  const tools = (
    <div className="refresh-tools">
      <LiveSelect mode={live} onChoose={(mode) => changeView({ live: mode })} />
      <button type="button" className="button button-icon" aria-label="Refresh" title="Refresh (r)" onClick={refresh}>
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
        topic={topic}
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
  readonly page: RangedPage;
  readonly topic: Topic | undefined;
  readonly children: ReactNode;
}

function FilledOverview(props: FilledOverviewProps) {
  const { source, refreshes, onRefresh, asked, tools, page, topic, children } = props;
  const isOfLogs = topic?.table === 'logs';
  const store = useMemo(() => (isOfLogs ? extentOfLogs(props.store) : props.store), [props.store, isOfLogs]);
  const [view, changeView] = useViewState();
  const nowMs = parseUtc(store.now);
  const filterOfRequests = usePageFilter();
  const filter = topic?.filter ?? filterOfRequests;
  const choose = (field: string) => (value: string) => filter.change({ free: withChosen(filter.free, field, value) });
  const choice = view.range ?? chooseDefault(store);
  const isFed = endsNow(store);
  // Where nothing has come and time does not move the range, the panels need not be asked again.
  const state = isFed ? store.now : JSON.stringify({ ...store, now: '', refreshes });
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const scope = useMemo(() => {
    const range = resolveRange(choice, store);
    const asked = { from: toSqlTime(range.fromMs), to: toSqlTime(range.toMs), q: filter.q };
    return {
      source: shareAnswers(source),
      range,
      ...(isFed ? { asOfMs: nowMs } : {}),
      question: JSON.stringify([choice, filter.q]),
      fields: filter.fields,
      comparison: page === 'overview' ? compareRange(view.compare, range) : null,
      readValues: async (field: string, contains: string, signal: AbortSignal) => {
        const found = await readValues(isOfLogs ? 'logs' : 'requests', { ...asked, field, contains }, signal);
        return found.values.map(({ value }) => value);
      },
      q: filter.q,
      addTerm: (term: Term) => filter.add([term]),
      addTerms: filter.add,
      selectInterval: (interval: { fromMs: number; toMs: number }) => changeView({ range: interval }),
    };
  }, [source, view, state, changeView, filter.q, filter.fields, page]);
  const strip = (facts?: ReactNode) => (
    <TrustStrip store={store} isLive={source.isLive} problem={asked.error} refreshing={view.live}>
      {facts}
    </TrustStrip>
  );
  if (store.rows === 0 && (page !== 'explore' || props.store.rows + props.store.logRows === 0)) {
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
          {!isOfLogs && (
            <>
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
            </>
          )}
          {page === 'overview' && <CompareSelect name={view.compare} onChoose={(compare) => changeView({ compare })} />}
          <FilterBar filter={filter} />
        </div>
        {strip(!isOfLogs && <CompletenessFacts />)}
        {children}
      </main>
    </ReportContext>
  );
}

/** As if the lines of logs were all that is stored. */
function extentOfLogs(store: StoreRange): StoreRange {
  const { logRows, firstLogTime, lastLogTime } = store;
  return { ...store, rows: logRows, firstTime: firstLogTime, lastTime: lastLogTime, future: 0 };
}

export function OverviewBody() {
  return (
    <>
      <SummaryTiles />
      <PanelList />
    </>
  );
}
