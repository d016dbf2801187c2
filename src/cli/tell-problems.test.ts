import { expect, test } from 'vitest';
import type { PipelineStatus } from '../pipeline/run-pipelines.ts';
import { SinkCounts } from '../pipeline/sink-counts.ts';
import { ProblemTeller } from './tell-problems.ts';

function status(name: string, state: PipelineStatus['state'], problem?: string): PipelineStatus {
  return {
    ...{ name, source: 'kinesis', state, retries: 0, outcomes: {}, parts: [], linesPerSecond: 0, isHeldBack: false },
    ...(problem === undefined ? {} : { problem }),
    counts: new SinkCounts(),
  };
}

test('a trouble is told once, a new one again, and its end', () => {
  const teller = new ProblemTeller();
  const fine = status('app', 'running');
  expect(teller.look([fine, status('edge', 'retrying', 'refused')])).toEqual(['edge: refused']);
  expect(teller.look([fine, status('edge', 'retrying', 'refused')])).toEqual([]);
  expect(teller.look([fine, status('edge', 'retrying', 'timed out')])).toEqual(['edge: timed out']);
  expect(teller.look([fine, status('edge', 'running')])).toEqual(['edge: runs again']);
  expect(teller.look([fine, status('edge', 'running')])).toEqual([]);
});

test('what stops a source is told elsewhere', () => {
  expect(new ProblemTeller().look([status('edge', 'failed', 'no such stream')])).toEqual([]);
});
