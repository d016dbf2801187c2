import { Counter, Gauge, type Registry } from 'prom-client';
import type { PipelineStatus } from '../pipeline/run-pipelines.ts';

/** In seconds and bytes, Prometheus' base units; undefined when there is no value now. */
type Read = (status: PipelineStatus) => number | undefined;

const counters: Readonly<Record<string, readonly [help: string, read: Read]>> = {
  lines_total: ['Lines received: rows + rejected + comments + excluded', ({ counts }) => counts.lines],
  rows_total: ['Lines stored in requests or logs', ({ counts }) => counts.rows],
  rejected_lines_total: ['Lines kept in rejects', ({ counts }) => counts.rejected],
  excluded_lines_total: ['Lines that the rules of the pipeline leave out', ({ counts }) => counts.excluded],
  bytes_total: ['Bytes that were stored; of files their size on disk', ({ counts }) => counts.bytes],
  batches_total: ['Batches, each stored as a whole or not at all', ({ counts }) => counts.batches],
  retries_total: ['Calls of the source and batches of the store that were repeated', ({ retries }) => retries],
  events_total: ['Layout drift, changed columns, files that cannot be read', ({ counts }) => counts.events],
};

const gauges: Readonly<Record<string, readonly [help: string, read: Read]>> = {
  up: [
    '1 while it runs; 0 while it starts or retries, and when it has failed or stopped',
    ({ state }) => Number(state === 'running'),
  ],
  waiting_bytes: ['Bytes taken from the source and not stored yet', ({ counts }) => counts.waitingBytes],
  held_back: ['1 while back-pressure holds the source back', ({ isHeldBack }) => Number(isHeldBack)],
  batch_duration_seconds: [
    'Seconds that the last batch took; missing before the first',
    ({ counts }) => (counts.batches === 0 ? undefined : counts.batchMs / 1000),
  ],
};

const partGauges = {
  lag_seconds: ['Seconds behind the newest of a shard, queue or file; missing where unknown', 'lagMs'],
  oldest_unacknowledged_seconds: [
    'Seconds since the oldest line that is not stored yet was read; missing when there is none',
    'oldestUnacknowledgedMs',
  ],
} as const;

/** @returns a function that updates the pipeline metrics; called at each scrape */
export function addPipelineMetrics(registry: Registry, pipelines: () => readonly PipelineStatus[]): () => void {
  const labelNames = ['pipeline', 'source'] as const;
  const registers = [registry];
  const whole = [
    ...Object.entries(counters).map(([name, [help, read]]) => {
      const counter = new Counter({ name: `tailrace_pipeline_${name}`, help, labelNames, registers });
      return { metric: counter, read, write: counter.inc.bind(counter) };
    }),
    ...Object.entries(gauges).map(([name, [help, read]]) => {
      const gauge = new Gauge({ name: `tailrace_pipeline_${name}`, help, labelNames, registers });
      return { metric: gauge, read, write: gauge.set.bind(gauge) };
    }),
  ];
  const objects = new Counter({
    name: 'tailrace_pipeline_objects_total',
    help: 'Objects and messages by what became of them: stored, known, gone, ignored, removed, unknownMessages, failed',
    labelNames: [...labelNames, 'outcome'],
    registers,
  });
  const ofParts = Object.entries(partGauges).map(([name, [help, key]]) => ({
    gauge: new Gauge({ name: `tailrace_pipeline_${name}`, help, labelNames: [...labelNames, 'part'], registers }),
    key,
  }));
  return () => {
    // Drops pipelines and shards that no longer exist.
    for (const { metric } of whole) metric.reset();
    for (const { gauge } of ofParts) gauge.reset();
    objects.reset();
    for (const status of pipelines()) {
      const labels = { pipeline: status.name, source: status.source };
      for (const { read, write } of whole) {
        const value = read(status);
        if (value !== undefined) write(labels, value);
      }
      for (const [outcome, times] of Object.entries(status.outcomes)) objects.inc({ ...labels, outcome }, times);
      for (const { gauge, key } of ofParts) {
        for (const part of status.parts) {
          const valueMs = part[key];
          if (valueMs !== undefined) gauge.set({ ...labels, part: part.name }, valueMs / 1000);
        }
      }
    }
  };
}
