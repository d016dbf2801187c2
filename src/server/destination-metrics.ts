import { Counter, Gauge, type Registry } from 'prom-client';
import type { DestinationStatus } from '../destinations/run-destinations.ts';

type Read = (status: DestinationStatus) => number;

const counters: Readonly<Record<string, readonly [help: string, read: Read]>> = {
  batches_total: ['Batches that were shipped and acknowledged', ({ counts }) => counts.batches],
  rows_total: ['Rows of these batches', ({ counts }) => counts.rows],
  refused_rows_total: ['Rows that the destination did not take', ({ counts }) => counts.refused],
  backup_bytes_total: ['Bytes of these that were kept in the backup', ({ counts }) => counts.backupBytes],
  bytes_total: ['Bytes of these batches, as they were written', ({ counts }) => counts.bytes],
  objects_total: ['Files or objects with these, of archives', ({ counts }) => counts.objects],
  retries_total: ['Attempts that failed, whatever the reason', ({ counts }) => counts.retries],
  dead_batches_total: ['Batches that were given up', ({ counts }) => counts.dead],
};

const gauges: Readonly<Record<string, readonly [help: string, read: Read]>> = {
  up: [
    '1 while it takes batches; 0 while it starts, retries or has stopped',
    ({ state }) => Number(state === 'running'),
  ],
  standby: ['1 while another worker ships to it', ({ state }) => Number(state === 'standby')],
  waiting_batches: ['Batches that are stored and not shipped yet', ({ counts }) => counts.waiting],
  lag_seconds: [
    'Seconds since the oldest of them was stored; 0 when none waits',
    ({ counts }) => counts.lagMs() / 1000,
  ],
};

/** @returns a function that updates the destination metrics; called at each scrape */
export function addDestinationMetrics(
  registry: Registry,
  destinations: () => readonly DestinationStatus[],
): () => void {
  const labelNames = ['destination', 'type'] as const;
  const registers = [registry];
  const metrics = [
    ...Object.entries(counters).map(([name, [help, read]]) => {
      const counter = new Counter({ name: `tailrace_destination_${name}`, help, labelNames, registers });
      return { metric: counter, read, write: counter.inc.bind(counter) };
    }),
    ...Object.entries(gauges).map(([name, [help, read]]) => {
      const gauge = new Gauge({ name: `tailrace_destination_${name}`, help, labelNames, registers });
      return { metric: gauge, read, write: gauge.set.bind(gauge) };
    }),
  ];
  return () => {
    for (const { metric } of metrics) metric.reset();
    for (const status of destinations()) {
      const labels = { destination: status.name, type: status.type };
      for (const { read, write } of metrics) write(labels, read(status));
    }
  };
}
