import { Counter, Gauge, type Registry } from 'prom-client';
import type { Engine } from '../engine/engine.ts';
import { readDeadWindows, receiverOf } from '../windows/outputs/output-book.ts';
import type { WindowStatus } from '../windows/window-entry.ts';
import { waitAtMost } from './wait-at-most.ts';

const storeWithinMs = 3000;

/** @returns a function that updates the metrics of the continuous queries; called at each scrape, it never fails */
export function addWindowMetrics(
  registry: Registry,
  engine: Engine,
  windows: () => readonly WindowStatus[],
): () => Promise<void> {
  const options = (name: string, help: string) => ({
    name: `tailrace_windows_${name}`,
    help,
    labelNames: ['query'],
    registers: [registry],
  });
  const up = new Gauge(options('up', '1 while it is answered; 0 while it starts, retries or has stopped'));
  const standby = new Gauge(options('standby', '1 while another worker answers it'));
  const lag = new Gauge(options('watermark_lag_seconds', 'Age of the event time up to which windows are over'));
  const feeds = new Gauge(options('active_feeds', 'Pipelines and shards that are not idle'));
  const states = new Gauge(options('state_rows', 'Aggregate states that are kept'));
  const bytes = new Gauge(options('state_bytes', 'Bytes of these on disk, its share of the table'));
  const counters = {
    rows: new Counter(options('rows_total', 'Rows folded')),
    dropped: new Counter(
      options('dropped_rows_total', 'Rows that came too late, or are more than a day in the future'),
    ),
    emissions: new Counter(options('emissions_total', 'Windows emitted, corrections included')),
    corrections: new Counter(options('corrections_total', 'Windows emitted again because rows came late')),
    resultRows: new Counter(options('result_rows_total', 'Rows of emitted windows')),
    failures: new Counter(options('failures_total', 'Times that it could not be answered')),
  };
  const outputOptions = (name: string, help: string) => ({ ...options(name, help), labelNames: ['query', 'output'] });
  const outputUp = new Gauge(outputOptions('output_up', '1 while the output takes windows'));
  const outputWaiting = new Gauge(outputOptions('output_waiting', 'Emitted windows that the output does not have yet'));
  const outputDead = new Gauge(outputOptions('output_dead', 'Windows that were given up, and not sent since'));
  const outputSent = new Counter(outputOptions('output_sent_total', 'Windows sent'));
  const outputFailures = new Counter(outputOptions('output_failures_total', 'Attempts to send that failed'));
  const ofOutputs = [outputUp, outputWaiting, outputDead, outputSent, outputFailures];
  const all = [...ofOutputs, up, standby, lag, feeds, states, bytes, ...Object.values(counters)];
  return async () => {
    // In the store, whichever worker sends; nothing is said of it when that gives no answer.
    const hasOutputs = windows().some(({ outputs }) => outputs.length > 0);
    const dead = hasOutputs ? await waitAtMost(readDeadWindows(engine, 0), storeWithinMs) : undefined;
    for (const metric of all) metric.reset();
    for (const { query, state, watermarkMs, activeFeeds, stateSize, counts, outputs } of windows()) {
      const labels = { query: query.name };
      up.set(labels, Number(state === 'running'));
      standby.set(labels, Number(state === 'standby'));
      if (watermarkMs !== undefined) lag.set(labels, (Date.now() - watermarkMs) / 1000);
      feeds.set(labels, activeFeeds);
      if (stateSize) states.set(labels, stateSize.rows);
      if (stateSize) bytes.set(labels, stateSize.bytes);
      for (const output of outputs) {
        const place = { ...labels, output: output.name };
        outputUp.set(place, Number(output.state === 'running'));
        outputWaiting.set(place, output.waiting);
        if (dead) outputDead.set(place, dead.get(receiverOf(query.name, output.name))?.count ?? 0);
        outputSent.inc(place, output.sent);
        outputFailures.inc(place, output.failures);
      }
      for (const key of Object.keys(counters) as (keyof typeof counters)[]) counters[key].inc(labels, counts[key]);
    }
  };
}
