import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import type { PipelineStatus } from '../pipeline/run-pipelines.ts';
import { SinkCounts } from '../pipeline/sink-counts.ts';
import { addPipelineMetrics } from './pipeline-metrics.ts';

function pipeline(name: string, counts: Partial<SinkCounts>, changed: Partial<PipelineStatus> = {}): PipelineStatus {
  return {
    name,
    source: 'kinesis',
    state: 'running',
    retries: 0,
    outcomes: {},
    parts: [],
    linesPerSecond: 0,
    counts: Object.assign(new SinkCounts(), counts),
    isHeldBack: false,
    ...changed,
  };
}

async function samples(registry: Registry): Promise<string[]> {
  return (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

it('prints what is at the moment of the scrape, in seconds and bytes', async () => {
  const registry = new Registry();
  const counts = {
    lines: 10,
    rows: 7,
    rejected: 2,
    comments: 1,
    bytes: 1000,
    batches: 3,
    batchMs: 250,
    events: 4,
    waitingBytes: 77,
  };
  const parts = [
    { name: 'shard-0', lagMs: 1500 },
    { name: 'shard-1', oldestUnacknowledgedMs: 20 },
  ];
  addPipelineMetrics(registry, () => [
    pipeline('edge', counts, { retries: 9, parts, outcomes: { stored: 3, gone: 1 }, isHeldBack: true }),
  ])();
  const labels = '{pipeline="edge",source="kinesis"}';
  expect(await samples(registry)).toEqual([
    `tailrace_pipeline_lines_total${labels} 10`,
    `tailrace_pipeline_rows_total${labels} 7`,
    `tailrace_pipeline_rejected_lines_total${labels} 2`,
    `tailrace_pipeline_excluded_lines_total${labels} 0`,
    `tailrace_pipeline_bytes_total${labels} 1000`,
    `tailrace_pipeline_batches_total${labels} 3`,
    `tailrace_pipeline_retries_total${labels} 9`,
    `tailrace_pipeline_events_total${labels} 4`,
    `tailrace_pipeline_up${labels} 1`,
    `tailrace_pipeline_waiting_bytes${labels} 77`,
    `tailrace_pipeline_held_back${labels} 1`,
    `tailrace_pipeline_batch_duration_seconds${labels} 0.25`,
    'tailrace_pipeline_objects_total{pipeline="edge",source="kinesis",outcome="stored"} 3',
    'tailrace_pipeline_objects_total{pipeline="edge",source="kinesis",outcome="gone"} 1',
    'tailrace_pipeline_lag_seconds{pipeline="edge",source="kinesis",part="shard-0"} 1.5',
    'tailrace_pipeline_oldest_unacknowledged_seconds{pipeline="edge",source="kinesis",part="shard-1"} 0.02',
  ]);
});

it('follows a counter, and forgets pipelines and shards that are gone', async () => {
  const registry = new Registry();
  let running = [pipeline('a', { lines: 5 }, { parts: [{ name: 'old', lagMs: 1 }] }), pipeline('b', { lines: 1 })];
  const read = addPipelineMetrics(registry, () => running);
  read();
  running = [pipeline('a', { lines: 8 }, { state: 'retrying', parts: [{ name: 'new', lagMs: 1 }] })];
  read();
  const printed = await samples(registry);
  expect(printed).toContain('tailrace_pipeline_lines_total{pipeline="a",source="kinesis"} 8');
  expect(printed).toContain('tailrace_pipeline_up{pipeline="a",source="kinesis"} 0');
  expect(printed.filter((line) => /pipeline="b"|part="old"|batch_duration/.test(line))).toEqual([]);
});

it('gives each metric the type that its name promises', async () => {
  const registry = new Registry();
  addPipelineMetrics(registry, () => []);
  const types = [...(await registry.metrics()).matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  expect(types).toHaveLength(15);
  for (const [, name = '', type] of types) expect(type, name).toBe(name.endsWith('_total') ? 'counter' : 'gauge');
});
