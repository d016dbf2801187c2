import type { DestinationAnswer } from '../../../src/server/destination-answer.ts';
import type { LakeAnswer } from '../../../src/server/lake-answer.ts';
import type { PipelineAnswer, PipelinesAnswer } from '../../../src/server/routes/pipelines.ts';
import { formatQuantity } from '../format/quantity.ts';
import { formatLength } from '../format/time-text.ts';
import { parseUtc } from '../view/time-range.ts';

export type Tone = 'good' | 'warn' | 'bad';

export interface Health {
  readonly tone: Tone;
  /** Short, e.g. `4 pipelines OK`. */
  readonly text: string;
  /** One line each: what is wrong. */
  readonly details: readonly string[];
}

/** With shorter gaps, ages would change their tone between two readings. */
const leastGapMs = 5000;

/** A feed that has stopped: amber after twice its usual gap, red after ten times. */
export function judgeFeed({ lastStoredAt, usualGapMs }: PipelineAnswer, nowMs: number): Tone {
  if (lastStoredAt === null || usualGapMs === null) return 'good';
  const gaps = (nowMs - parseUtc(lastStoredAt)) / Math.max(usualGapMs, leastGapMs);
  return gaps > 10 ? 'bad' : gaps > 2 ? 'warn' : 'good';
}

/** What is not running, or brings nothing more, the worst first. */
export function describeHealth({ now, pipelines, destinations, lake }: PipelinesAnswer): Health {
  const nowMs = parseUtc(now);
  const troubles = [
    ...pipelines.flatMap((pipeline) => troubleOf(pipeline, nowMs)),
    ...destinations.flatMap((destination) => troubleOfDestination(destination)),
    ...(lake ? troubleOfLake(lake) : []),
  ].toSorted((a, b) => Number(b.tone === 'bad') - Number(a.tone === 'bad'));
  const [worst, ...others] = troubles;
  if (!worst) return { tone: 'good', text: countOf(pipelines.length, destinations.length), details: [] };
  return {
    tone: worst.tone,
    text: others.length === 0 ? worst.text : `${worst.text}, and ${others.length} more`,
    details: troubles.map(({ text, detail }) => (detail ? `${text}: ${detail}` : text)),
  };
}

interface Trouble {
  readonly tone: 'warn' | 'bad';
  readonly text: string;
  readonly detail?: string | null;
}

function troubleOf(pipeline: PipelineAnswer, nowMs: number): Trouble[] {
  const { name, state, problem, isHeldBack, lastStoredAt, usualGapMs } = pipeline;
  if (state !== 'running')
    return [{ tone: state === 'failed' ? 'bad' : 'warn', text: `${name} ${state}`, detail: problem }];
  if (isHeldBack) return [{ tone: 'warn', text: `${name} held back`, detail: problem ?? 'the store is slower' }];
  const tone = judgeFeed(pipeline, nowMs);
  if (tone === 'good' || lastStoredAt === null || usualGapMs === null) return [];
  const age = formatLength(nowMs - parseUtc(lastStoredAt));
  return [{ tone, text: `${name}: nothing for ${age}`, detail: `usually every ${formatLength(usualGapMs)} or sooner` }];
}

function troubleOfDestination({ name, state, problem, waitingBatches }: DestinationAnswer): Trouble[] {
  if (state === 'running' || state === 'standby') return [];
  const waiting = `batches waiting: ${formatQuantity(waitingBatches, 'count')}`;
  return [{ tone: 'warn', text: `${name} ${state}`, detail: problem === null ? waiting : `${problem}; ${waiting}` }];
}

function troubleOfLake({ state, problem }: LakeAnswer): Trouble[] {
  if (state === 'running' || state === 'standby') return [];
  return [{ tone: 'warn', text: `lake ${state}`, detail: problem }];
}

function countOf(pipelines: number, destinations: number): string {
  const names = [`${pipelines} ${pipelines === 1 ? 'pipeline' : 'pipelines'}`];
  if (destinations > 0) names.push(`${destinations} ${destinations === 1 ? 'destination' : 'destinations'}`);
  return `${names.join(', ')} OK`;
}
