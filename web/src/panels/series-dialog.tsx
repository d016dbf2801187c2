import { type Ghost, ghostLines } from '../charts/ghost.ts';
import type { TimeSeries } from '../charts/time-series.ts';
import { reportAddress } from '../data/report-address.ts';
import type { ReportAnswer } from '../data/report-answer.ts';
import { formatStep } from '../format/time-text.ts';
import { zoneName } from '../format/time-zone.ts';
import { useReportScope } from '../overview/report-context.ts';
import { Dialog } from './dialog.tsx';
import { SeriesTable } from './series-table.tsx';

interface SeriesDialogProps {
  readonly answer: ReportAnswer;
  readonly data: TimeSeries;
  readonly ghost: Ghost | null;
  readonly isStacked: boolean;
  readonly onClose: () => void;
}

/** What a chart shows, as a table: a row for each bucket. */
export function SeriesDialog({ answer, data, ghost, isStacked, onClose }: SeriesDialogProps) {
  const { source } = useReportScope();
  const unit = data.series[0]?.unit ?? 'count';
  const earlier = ghost ? ghostLines(ghost, data.series, data.series, isStacked) : [];
  const labelOf = (key: string) => data.series.find((series) => series.key === key)?.label ?? 'Total';
  const columns = [
    ...data.series.map(({ key, label, values }) => ({ id: `now ${key}`, label, values })),
    ...earlier.map(({ key, values }) => ({
      id: `earlier ${key}`,
      label: `${labelOf(key)}, ${ghost?.label.toLowerCase()}`,
      values,
    })),
  ];
  const stepMs = answer.parameters.step * 1000;
  return (
    <Dialog
      title={answer.title}
      subtitle={`per ${formatStep(answer.parameters.step)}, ${zoneName()}`}
      onClose={onClose}
    >
      {() => (
        <>
          <SeriesTable times={data.times} stepMs={stepMs} unit={unit} columns={columns} />
          {source.isLive && (
            <footer className="dialog-foot">
              <a className="button" href={reportAddress(`${answer.name}/csv`, answer.parameters)} download>
                As CSV
              </a>
            </footer>
          )}
        </>
      )}
    </Dialog>
  );
}
