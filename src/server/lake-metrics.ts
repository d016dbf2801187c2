import { Counter, Gauge, type Registry } from 'prom-client';
import type { LakeStatus } from '../lake/follow-lake.ts';
import { lakeLagMs } from './lake-answer.ts';

/** @returns a function that updates the metrics of the lake; called at each scrape */
export function addLakeMetrics(registry: Registry, lake: () => LakeStatus | undefined): () => void {
  const options = (name: string, help: string) => ({
    name: `tailrace_lake_${name}`,
    help,
    labelNames: ['lake'],
    registers: [registry],
  });
  const up = new Gauge(options('up', '1 while it is written; 0 while it starts, retries or has stopped'));
  const standby = new Gauge(options('standby', '1 while another worker writes it'));
  const lag = new Gauge(
    options('lag_seconds', 'Seconds since the end of the last hour that is in it with all hours before'),
  );
  const hours = new Counter(options('hours_total', 'Hours that were written, also again'));
  const rows = new Counter(options('rows_total', 'Rows of these hours'));
  const bytes = new Counter(options('bytes_total', 'Bytes of their files'));
  const failures = new Counter(options('failures_total', 'Times that it could not be reached or written'));
  return () => {
    for (const metric of [up, standby, lag, hours, rows, bytes, failures]) metric.reset();
    const status = lake();
    if (!status) return;
    const labels = { lake: status.name };
    up.set(labels, Number(status.state === 'running'));
    standby.set(labels, Number(status.state === 'standby'));
    const lagMs = lakeLagMs(status);
    if (lagMs !== undefined) lag.set(labels, lagMs / 1000);
    hours.inc(labels, status.hours);
    rows.inc(labels, status.rows);
    bytes.inc(labels, status.bytes);
    failures.inc(labels, status.failures);
  };
}
