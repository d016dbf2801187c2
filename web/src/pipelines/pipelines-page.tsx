import '../style/states.css';
import './pipelines.css';
import type { PipelinesAnswer } from '../../../src/server/routes/pipelines.ts';
import { formatExactly, formatQuantity } from '../format/quantity.ts';
import { formatMinute, formatMoment } from '../format/time-text.ts';
import { zoneName } from '../format/time-zone.ts';
import { Fact } from '../overview/fact.tsx';
import { PageHeader } from '../overview/page-header.tsx';
import { ZoneSwitch } from '../overview/zone-switch.tsx';
import { parseUtc } from '../view/time-range.ts';
import { DestinationList } from './destination-list.tsx';
import { EventList } from './event-list.tsx';
import { HealthFact } from './health-fact.tsx';
import { LakePanel } from './lake-panel.tsx';
import { NoPipelines } from './no-pipelines.tsx';
import { PipelinePanel } from './pipeline-panel.tsx';
import { formatRate } from './rate-text.ts';
import { RetentionPanel } from './retention-panel.tsx';
import { StoreFacts } from './store-facts.tsx';
import { refreshSeconds, useWatched } from './use-pipelines.ts';

export function PipelinesPage() {
  const { answer, answeredAtMs, error, rates } = useWatched();
  return (
    <>
      <PageHeader page="pipelines" />
      <main className="page">
        {error !== null && (
          <p className="panel pipelines-outage" role="alert">
            {error} {answer ? `Shown is the state of ${formatMinute(answeredAtMs)} ${zoneName()}.` : ''}
          </p>
        )}
        {!answer && error === null && <div className="skeleton skeleton-page" role="status" aria-label="Loading" />}
        {answer && (
          <div className={error === null ? 'sections pipelines' : 'sections pipelines stale'}>
            <Totals answer={answer} />
            {answer.pipelines.map((pipeline) => (
              <PipelinePanel
                key={pipeline.name}
                pipeline={pipeline}
                points={rates.get(pipeline.name) ?? []}
                since={answer.since}
                nowMs={answeredAtMs}
              />
            ))}
            {answer.pipelines.every(({ source }) => source === 'http') && (
              <NoPipelines takesHttp={answer.pipelines.length > 0} />
            )}
            {answer.destinations.length > 0 && <DestinationList destinations={answer.destinations} />}
            {answer.lake && <LakePanel lake={answer.lake} />}
            <RetentionPanel />
            {(answer.pipelines.length > 0 || answer.events?.length !== 0) && <EventList events={answer.events} />}
          </div>
        )}
      </main>
    </>
  );
}

function Totals({ answer: { since, pipelines } }: { readonly answer: PipelinesAnswer }) {
  const rate = pipelines.reduce((sum, { linesPerSecond }) => sum + linesPerSecond, 0);
  const lines = pipelines.reduce((sum, { counts }) => sum + counts.lines, 0);
  return (
    <section className="trust" aria-label="All pipelines">
      <div className="facts">
        <HealthFact />
        <Fact name="Total">{formatRate(rate)} lines/s</Fact>
        <Fact name="Received" title={`${formatExactly(lines, 'count')} lines`}>
          {formatQuantity(lines, 'count')} lines
        </Fact>
        <StoreFacts />
        <Fact name="Running since">{formatMoment(parseUtc(since))}</Fact>
      </div>
      <span className="trust-note">
        Refreshes every {refreshSeconds} s. <ZoneSwitch />
      </span>
    </section>
  );
}
