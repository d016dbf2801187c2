import type { ReactNode } from 'react';
import type { WindowAnswer } from '../../../src/server/window-answer.ts';
import { formatExactly, formatQuantity } from '../format/quantity.ts';
import { formatFreshness, formatMoment } from '../format/time-text.ts';
import { zoneName } from '../format/time-zone.ts';

/** The numbers of a continuous query. */
export function WindowFigures({ window }: { readonly window: WindowAnswer }) {
  const { watermark, counts, stateSize, isIncremental, outputs } = window;
  const watermarkMs = watermark === null ? null : Date.parse(watermark);
  const dead = outputs.reduce((sum, output) => sum + output.dead, 0);
  const waiting = outputs.reduce((sum, output) => sum + output.waiting, 0);
  const isTroubled = dead > 0 || outputs.some(({ state }) => state === 'retrying');
  return (
    <dl className="window-figures">
      <Figure
        name="Watermark"
        title={
          watermarkMs === null
            ? 'No event has come yet'
            : `Windows are over up to ${formatMoment(watermarkMs)} ${zoneName()}`
        }
      >
        {watermarkMs === null ? '–' : formatFreshness(watermarkMs, Date.now())}
      </Figure>
      <Counted
        name="Windows"
        title="Windows emitted since the program started, corrections included"
        count={counts.emissions}
      />
      <Counted name="Corrections" title="Windows emitted again, because rows came late" count={counts.corrections} />
      <Counted
        name="Dropped"
        title="Rows that came too late, or are more than a day in the future"
        count={counts.dropped}
        isBad={counts.dropped > 0}
      />
      <Figure name="State" title={stateTitle(window)}>
        {isIncremental === false ? 'none' : stateSize === null ? '–' : formatQuantity(stateSize.bytes, 'bytes')}
      </Figure>
      <Figure
        name="Outputs"
        isBad={isTroubled}
        title={
          outputs.length === 0
            ? 'Its results are a table, and nothing else'
            : outputs.map(({ name, state }) => `${name}: ${state}`).join('\n')
        }
      >
        {outputs.length === 0 ? 'table' : describeOutputs(outputs.length, waiting, dead)}
      </Figure>
    </dl>
  );
}

function stateTitle({ isIncremental, stateSize }: WindowAnswer): string {
  if (isIncremental === false) return 'Each window is asked over its rows';
  if (stateSize === null) return 'Aggregate states are measured once a minute';
  return `${formatExactly(stateSize.rows, 'count')} aggregate states, on disk, as of the last minute`;
}

function describeOutputs(count: number, waiting: number, dead: number): string {
  return [
    String(count),
    ...(waiting > 0 ? [`${formatQuantity(waiting, 'count')} waiting`] : []),
    ...(dead > 0 ? [`${formatQuantity(dead, 'count')} given up`] : []),
  ].join(', ');
}

interface FigureProps {
  readonly name: string;
  /** What it means. */
  readonly title: string;
  readonly isBad?: boolean;
  readonly children: ReactNode;
}

function Figure({ name, title, isBad = false, children }: FigureProps) {
  return (
    <div title={title}>
      <dt>{name}</dt>
      <dd className={isBad ? 'tone-warn' : undefined}>{children}</dd>
    </div>
  );
}

function Counted({ count, ...figure }: Omit<FigureProps, 'children'> & { readonly count: number }) {
  return <Figure {...figure}>{formatQuantity(count, 'count')}</Figure>;
}
