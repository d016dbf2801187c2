import type { PipelinesAnswer } from '../../../src/server/routes/pipelines.ts';
import { alertsAddress } from '../alerts/alerts-address.ts';
import { Fact } from '../overview/fact.tsx';
import { describeHealth } from './health.ts';
import { pipelinesAddress } from './pipelines-address.ts';
import { useWatched } from './use-pipelines.ts';

/** On every page: whether all pipelines and destinations run, what is wrong if not, and which alerts fire. */
export function HealthFact() {
  const { answer, error } = useWatched();
  if (error !== null) {
    return (
      <Fact name="Pipelines" tone="bad" title={error}>
        no answer
      </Fact>
    );
  }
  if (!answer) return <Fact name="Pipelines">…</Fact>;
  const { tone, text, details } = describeHealth(answer);
  return (
    <>
      <Fact name="Pipelines" tone={tone} title={details.join('\n') || 'All run, and bring lines as they usually do'}>
        <a href={pipelinesAddress}>{text}</a>
      </Fact>
      {answer.alerts && <AlertsFact alerts={answer.alerts} />}
    </>
  );
}

function AlertsFact({ alerts: { firing, dead } }: { readonly alerts: NonNullable<PipelinesAnswer['alerts']> }) {
  const tone = firing.length + dead > 0 ? 'bad' : 'good';
  return (
    <Fact name="Alerts" tone={tone} title={firing.join('\n') || 'None fires'}>
      <a href={alertsAddress}>
        {firing.length === 0 ? 'none fires' : `${firing.length} ${firing.length === 1 ? 'fires' : 'fire'}`}
        {dead > 0 && `, not delivered: ${dead}`}
      </a>
    </Fact>
  );
}
