import { Fact } from '../overview/fact.tsx';
import { describeHealth } from './health.ts';
import { pipelinesAddress } from './pipelines-address.ts';
import { useWatched } from './use-pipelines.ts';

/** On every page: whether all pipelines and destinations run, and what is wrong if not. */
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
    <Fact name="Pipelines" tone={tone} title={details.join('\n') || 'All run, and bring lines as they usually do'}>
      <a href={pipelinesAddress}>{text}</a>
    </Fact>
  );
}
