import { type ReactNode, useId } from 'react';
import type { PipelineAnswer } from '../../../src/server/routes/pipelines.ts';
import { formatExactly, formatQuantity } from '../format/quantity.ts';
import { formatFreshness } from '../format/time-text.ts';
import { MiddleText } from '../panels/middle-text.tsx';
import { parseUtc } from '../view/time-range.ts';
import { eventsAddress, ledgerAddress, rejectsAddress } from './pipeline-queries.ts';
import { RateChart } from './rate-chart.tsx';
import type { RatePoint } from './rate-history.ts';
import { formatRate } from './rate-text.ts';

interface PipelinePanelProps {
  readonly pipeline: PipelineAnswer;
  readonly points: readonly RatePoint[];
  /** When the process started, as the API writes times. */
  readonly since: string;
  readonly nowMs: number;
}

export function PipelinePanel({ pipeline, points, since, nowMs }: PipelinePanelProps) {
  const { name, source, problem, lastStoredAt, parts } = pipeline;
  const titleId = useId();
  const { tone, text } = describeState(pipeline);
  return (
    <section className="panel pipeline" aria-labelledby={titleId} data-pipeline={name}>
      <header className="panel-head">
        <h2 id={titleId}>{name}</h2>
        <span className="panel-subtitle">{source}</span>
        <span className="pipeline-stored muted">
          {lastStoredAt === null ? 'nothing stored yet' : `stored ${formatFreshness(parseUtc(lastStoredAt), nowMs)}`}
        </span>
        <span className={`badge badge-${tone}`}>{text}</span>
      </header>
      {problem !== null && <p className={`pipeline-problem tone-${tone}`}>{problem}</p>}
      <div className="pipeline-body">
        <RateChart name={name} points={points} />
        <Figures pipeline={pipeline} since={since} />
        {parts.length > 0 && <Parts source={source} parts={parts} />}
      </div>
    </section>
  );
}

function Figures({ pipeline, since }: Pick<PipelinePanelProps, 'pipeline' | 'since'>) {
  const { linesPerSecond, lagMs, oldestUnacknowledgedMs, waitingBytes, waitingDeliveries, retries, counts } = pipeline;
  const scope = { since, pipeline: pipeline.name };
  const balance = `${formatExactly(counts.lines, 'count')} lines = ${formatExactly(counts.rows, 'count')} rows + ${formatExactly(counts.rejected, 'count')} rejected + ${formatExactly(counts.comments, 'count')} comments + ${formatExactly(counts.excluded, 'count')} excluded, since the pipeline started; opens the ledger`;
  return (
    <dl className="figures">
      <Figure name="Lines/s" title="Lines stored per second, over the last ten seconds">
        {formatRate(linesPerSecond)}
      </Figure>
      <Figure name="Lag" title="Distance to the newest record, as the service reports it: the maximum of its parts">
        {formatMs(lagMs)}
      </Figure>
      <Figure name="Oldest" title="Age of the oldest line received but not yet stored">
        {formatMs(oldestUnacknowledgedMs)}
      </Figure>
      <Figure
        name="Waiting"
        title={`${waitingDeliveries} objects (ranges of records, files, requests) were received but are not stored yet`}
      >
        {formatQuantity(waitingBytes, 'bytes')}
      </Figure>
      <Figure name="Rows" title={balance}>
        <Books count={counts.rows} address={ledgerAddress(scope)} />
      </Figure>
      <Figure name="Rejected" title="Lines kept in rejects, since the pipeline started" isBad={counts.rejected > 0}>
        <Books count={counts.rejected} address={rejectsAddress(scope)} />
      </Figure>
      <Figure name="Retries" title="Source calls and store batches that were retried">
        {formatQuantity(retries, 'count')}
      </Figure>
      <Figure name="Events" title="Drift, changed columns, files that cannot be read" isBad={counts.events > 0}>
        <Books count={counts.events} address={eventsAddress(scope)} />
      </Figure>
    </dl>
  );
}

interface FigureProps {
  readonly name: string;
  /** What the number means. */
  readonly title: string;
  readonly isBad?: boolean;
  readonly children: ReactNode;
}

function Figure({ name, title, isBad = false, children }: FigureProps) {
  return (
    <div className="figure" title={title}>
      <dt>{name}</dt>
      <dd className={isBad ? 'tone-warn' : undefined}>{children}</dd>
    </div>
  );
}

/** A number linked to its table. */
function Books({ count, address }: { readonly count: number; readonly address: string }) {
  const text = formatQuantity(count, 'count');
  return count > 0 ? <a href={address}>{text}</a> : text;
}

const partNames: Readonly<Record<string, string>> = { kinesis: 'Shards', s3: 'Queues', files: 'Files' };

function Parts({ source, parts }: Pick<PipelineAnswer, 'source' | 'parts'>) {
  const hasQueues = parts.some(({ waiting }) => waiting !== null);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div className="pipeline-parts table-scroll" tabIndex={0}>
      <table className="report-table">
        <thead>
          <tr>
            <th scope="col">
              {partNames[source] ?? 'Parts'} ({parts.length})
            </th>
            <th scope="col" className="number">
              Lag
            </th>
            <th scope="col" className="number">
              Oldest
            </th>
            {hasQueues && (
              <th
                scope="col"
                className="number"
                title="Approximate number of messages waiting in the queue, not in flight"
              >
                Waiting
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {parts.map(({ name, lagMs, oldestUnacknowledgedMs, waiting }) => (
            <tr key={name}>
              <td className="text lead">
                <MiddleText text={name} />
              </td>
              <td className="number">{formatMs(lagMs)}</td>
              <td className="number">{formatMs(oldestUnacknowledgedMs)}</td>
              {hasQueues && <td className="number">{waiting === null ? '–' : formatQuantity(waiting, 'count')}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function describeState({ state, isHeldBack }: PipelineAnswer): {
  tone: 'good' | 'warn' | 'bad' | 'none';
  text: string;
} {
  if (state === 'failed') return { tone: 'bad', text: 'failed' };
  if (state === 'retrying') return { tone: 'warn', text: 'retrying' };
  if (isHeldBack) return { tone: 'warn', text: 'held back' };
  return { tone: state === 'running' ? 'good' : 'none', text: state };
}

/** In minutes or hours from two minutes on. */
function formatMs(ms: number | null): string {
  if (ms === null) return '–';
  if (ms < 120_000) return formatQuantity(ms / 1000, 'seconds');
  const minutes = ms / 60_000;
  return minutes < 120 ? `${Math.round(minutes)}\u00a0min` : `${Math.round(minutes / 60)}\u00a0h`;
}
