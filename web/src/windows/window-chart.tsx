import { useMemo, useState } from 'react';
import { colorProperty } from '../charts/series-color.ts';
import { TimeChart } from '../charts/time-chart.tsx';
import { totalOf } from '../charts/time-series.ts';
import { formatQuantity } from '../format/quantity.ts';
import { formatSpan, formatStep } from '../format/time-text.ts';
import { zoneName } from '../format/time-zone.ts';
import { Dialog } from '../panels/dialog.tsx';
import { SeriesTable } from '../panels/series-table.tsx';
import { ChoiceSelect } from './choice-select.tsx';
import type { LiveWindow } from './live-window.ts';
import { isAdditive, isNumber, type ResultColumn, unitOf } from './result-columns.ts';
import { type WindowGrid, windowSeries } from './window-series.ts';

interface WindowChartProps {
  readonly name: string;
  readonly grid: WindowGrid;
  readonly columns: readonly ResultColumn[];
  readonly windows: readonly LiveWindow[];
  /** Those of now, of which some may be left out, or all. */
  readonly shows: 'latest' | 'all';
}

/** Without new windows for so long, what is shown is history. */
const historyMs = 86_400_000;
const together = 'all together';

/** A number of the results over time, divided by a label. */
export function WindowChart({ name, grid, columns, windows, shows }: WindowChartProps) {
  const numbers = columns.filter(isNumber);
  const [valueName, setValueName] = useState('');
  const [byName, setByName] = useState<string>();
  const [isTableOpen, setTableOpen] = useState(false);
  const value = numbers.find((column) => column.name === valueName) ?? numbers[0];
  const labels = columns.map((column) => column.name).filter((column) => column !== value?.name);
  const firstLabel = columns.find((column) => !isNumber(column))?.name ?? together;
  const by = labels.includes(byName ?? '') || byName === together ? (byName ?? '') : firstLabel;
  const [howName, setHow] = useState<string>();
  const how = howName ?? (value && isAdditive(value) ? 'added up' : 'the greatest');
  const isSum = how === 'added up';

  const { everyMs, isOverlapping } = grid;
  const shownValue = value?.name ?? '';
  const unit = value ? unitOf(value) : 'count';
  const drawn = useMemo(() => {
    const isHistory = shows === 'latest' && Date.now() - (windows[0]?.endMs ?? 0) > historyMs;
    const choice = { value: shownValue, unit, by: by === together ? '' : by, isSum };
    return windowSeries(windows, { everyMs, isOverlapping }, choice, isHistory ? 'densest' : shows);
  }, [windows, everyMs, isOverlapping, shownValue, unit, by, isSum, shows]);
  if (!value) return null;

  const { data, stepMs, outside, others } = drawn;
  const fromMs = data.times[0] ?? 0;
  const toMs = (data.times.at(-1) ?? 0) + stepMs;
  const notes = [
    `per ${formatStep(stepMs / 1000)}`,
    ...(others > 0 ? [`${others} more values of ${by} are one series`] : []),
    ...(outside > 0 ? [`${formatQuantity(outside, 'count')} of the newest windows lie elsewhere`] : []),
    ...(data.isMarked?.includes(true) ? ['shaded where a window was corrected'] : []),
  ];
  const title = `${value.name}${by === together ? '' : ` by ${by}`}`;
  return (
    <section className="panel panel-chart" aria-label="Chart" data-panel="window-chart">
      <header className="panel-head window-head">
        <h2>{title}</h2>
        <span className="panel-subtitle">{notes.join('; ')}</span>
        <button
          type="button"
          className="panel-action"
          aria-label={`Table of ${title}`}
          disabled={windows.length === 0}
          onClick={() => setTableOpen(true)}
        >
          Table
        </button>
      </header>
      <div className="window-choices">
        <ChoiceSelect
          name="Value"
          value={value.name}
          values={numbers.map((column) => column.name)}
          onChange={setValueName}
        />
        <ChoiceSelect name="By" value={by} values={[together, ...labels]} onChange={setByName} />
        <ChoiceSelect name="Rows" value={how} values={['added up', 'the greatest']} onChange={setHow} />
      </div>
      <div className="panel-body">
        {windows.length === 0 ? (
          <p className="panel-note">No window has been emitted yet.</p>
        ) : (
          <div>
            <ul className="legend">
              {data.series.map((series, position) => {
                const total = isSum ? totalOf(series) : null;
                return (
                  <li key={series.key} className="legend-name">
                    <i className="dot" style={{ color: `var(${colorProperty(series.key, position)})` }} />
                    {series.label} {total !== null && <b>{formatQuantity(total, unit)}</b>}
                  </li>
                );
              })}
            </ul>
            <TimeChart
              data={data}
              shown={data.series}
              drawing={isSum ? 'bars' : 'lines'}
              stepMs={stepMs}
              label={`${title} of ${name}, chart per ${formatStep(stepMs / 1000)}, ${formatSpan(fromMs, toMs)} ${zoneName()}`}
            />
          </div>
        )}
      </div>
      {isTableOpen && (
        <Dialog title={title} subtitle={`${notes[0]}, ${zoneName()}`} onClose={() => setTableOpen(false)}>
          {() => (
            <SeriesTable
              times={data.times}
              stepMs={stepMs}
              unit={unit}
              columns={data.series.map(({ key, label, values }) => ({ id: key, label, values }))}
            />
          )}
        </Dialog>
      )}
    </section>
  );
}
