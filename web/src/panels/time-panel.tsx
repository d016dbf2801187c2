import { useMemo, useState } from 'react';
import type { Drawing } from '../charts/draw-series.ts';
import { type Ghost, moveToAxis } from '../charts/ghost.ts';
import { stackOrder } from '../charts/series-color.ts';
import { TimeChart } from '../charts/time-chart.tsx';
import { bucketStarts, type Series, toTimeSeries, totalOf } from '../charts/time-series.ts';
import { canAlign } from '../compare/comparison.ts';
import { type Earlier, useEarlier } from '../compare/use-earlier.ts';
import type { ReportAnswer } from '../data/report-answer.ts';
import { formatQuantity } from '../format/quantity.ts';
import { formatSpan, formatStep } from '../format/time-text.ts';
import { zoneName } from '../format/time-zone.ts';
import { useReport, useReportScope } from '../overview/report-context.ts';
import { parseUtc, type ResolvedRange } from '../view/time-range.ts';
import { EarlierNote } from './earlier-note.tsx';
import { Legend } from './legend.tsx';
import { Panel } from './panel.tsx';
import { SeriesDialog } from './series-dialog.tsx';

interface TimePanelProps {
  readonly name: string;
  readonly title: string;
  readonly span: number;
  readonly drawing: Drawing;
  /** Shows one series at a time: the report's columns are definitions of the same thing. */
  readonly picksOne?: boolean | undefined;
  /** Keys of series that start hidden: with all of them at once none could be followed. */
  readonly startsHidden?: readonly string[] | undefined;
}

export function TimePanel({ name, title, span, drawing, picksOne = false, startsHidden = [] }: TimePanelProps) {
  const report = useReport(name);
  const earlier = useEarlier(report);
  const [isTableOpen, setTableOpen] = useState(false);
  const shownTitle = report.value?.title ?? title;
  return (
    <Panel
      name={name}
      title={title}
      report={report}
      span={span}
      body="chart"
      earlier={earlier}
      actions={
        <button
          type="button"
          className="panel-action"
          aria-label={`Table of ${shownTitle}`}
          disabled={!report.value}
          onClick={() => setTableOpen(true)}
        >
          Table
        </button>
      }
      note={({ parameters }) => `per ${formatStep(parameters.step)}`}
    >
      {(answer) => (
        <TimeBody
          answer={answer}
          earlier={earlier}
          drawing={drawing}
          picksOne={picksOne}
          startsHidden={startsHidden}
          onCloseTable={isTableOpen ? () => setTableOpen(false) : undefined}
        />
      )}
    </Panel>
  );
}

interface TimeBodyProps {
  readonly answer: ReportAnswer;
  readonly earlier: Earlier | null;
  readonly drawing: Drawing;
  readonly picksOne: boolean;
  readonly startsHidden: readonly string[];
  /** Given while the table is open. */
  readonly onCloseTable: (() => void) | undefined;
}

function TimeBody({ answer, earlier, drawing, picksOne, startsHidden, onCloseTable }: TimeBodyProps) {
  const { selectInterval, addTerm, fields } = useReportScope();
  const [toggled, setToggled] = useState<ReadonlySet<string>>(() => new Set(startsHidden));
  const isStacked = drawing !== 'lines';
  // The parameters of the answer, not of the page: while a new range loads, the old answer stays on its own axis.
  const range = useMemo(() => rangeOf(answer), [answer]);
  const data = useMemo(() => {
    const found = toTimeSeries(answer, range, isStacked ? 0 : null, fields);
    if (!isStacked) return found;
    return { ...found, series: found.series.toSorted((a, b) => stackOrder(a.key) - stackOrder(b.key)) };
  }, [answer, range, isStacked, fields]);
  const ghost = useMemo(() => createGhost(earlier, range, isStacked), [earlier, range, isStacked]);
  const shown = useMemo(() => chooseShown(data.series, toggled, picksOne), [data, toggled, picksOne]);

  const toggle = (key: string) => {
    if (picksOne) return setToggled(new Set([key]));
    const next = new Set(toggled);
    if (!next.delete(key)) next.add(key);
    // Hiding the last one would leave an empty chart: show all again.
    setToggled(data.series.every((series) => next.has(series.key)) ? new Set() : next);
  };

  return (
    <>
      <Legend
        series={data.series}
        shownKeys={new Set(shown.map((series) => series.key))}
        onToggle={toggle}
        picksOne={picksOne}
      >
        {earlier && <EarlierNote earlier={earlier} ghost={ghost} data={data} shown={shown} isStacked={isStacked} />}
      </Legend>
      <TimeChart
        data={data}
        shown={shown}
        drawing={drawing}
        stepMs={range.step * 1000}
        ghost={ghost}
        label={describe(answer, shown, range)}
        onSelect={selectInterval}
        onPick={({ term }, isExcluded) =>
          term && addTerm?.(isExcluded ? { ...term, isNegated: !term.isNegated } : term)
        }
      />
      {onCloseTable && (
        <SeriesDialog answer={answer} data={data} ghost={ghost} isStacked={isStacked} onClose={onCloseTable} />
      )}
    </>
  );
}

/** Null where there is nothing to draw. */
function createGhost(earlier: Earlier | null, range: ResolvedRange, isStacked: boolean): Ghost | null {
  if (!earlier?.answer?.rows.length || !canAlign(earlier, range)) return null;
  const series = toTimeSeries(earlier.answer, rangeOf(earlier.answer), isStacked ? 0 : null);
  return moveToAxis(series, earlier.shiftMs, earlier.name, bucketStarts(range));
}

function chooseShown(series: readonly Series[], toggled: ReadonlySet<string>, picksOne: boolean): readonly Series[] {
  if (!picksOne) return series.filter((one) => !toggled.has(one.key));
  const picked = series.find((one) => toggled.has(one.key)) ?? series[0];
  return picked ? [picked] : [];
}

function rangeOf({ parameters }: ReportAnswer): ResolvedRange {
  return { fromMs: parseUtc(parameters.from), toMs: parseUtc(parameters.to), step: Number(parameters.step) };
}

function describe(answer: ReportAnswer, shown: readonly Series[], range: ResolvedRange): string {
  const parts = shown.map((series) => {
    const total = totalOf(series);
    return total === null ? series.label : `${series.label} ${formatQuantity(total, series.unit)}`;
  });
  return `${answer.title}, chart per ${formatStep(range.step)}, ${formatSpan(range.fromMs, range.toMs)} ${zoneName()}: ${parts.join(', ')}`;
}
