import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Alerts } from '../alerts/run-alerts.ts';
import type { DestinationStatus } from '../destinations/run-destinations.ts';
import type { Engine } from '../engine/engine.ts';
import type { LakeStatus } from '../lake/follow-lake.ts';
import type { RetentionStatus } from '../ledger/retention-status.ts';
import type { PipelineStatus } from '../pipeline/run-pipelines.ts';
import type { AllIntakeCounts } from '../sources/http/intake-counts.ts';
import type { WindowStatus } from '../windows/window-entry.ts';
import { addAlertMetrics } from './alert-metrics.ts';
import { addDestinationMetrics } from './destination-metrics.ts';
import { addIntakeMetrics } from './intake-metrics.ts';
import { addLakeMetrics } from './lake-metrics.ts';
import { addPipelineMetrics } from './pipeline-metrics.ts';
import { addRetentionMetrics } from './retention-metrics.ts';
import type { WorkKind } from './running-requests.ts';
import { waitAtMost } from './wait-at-most.ts';
import { addWindowMetrics } from './window-metrics.ts';

export type Outcome = 'answered' | 'failed' | 'cancelled';

export interface Metrics {
  readonly contentType: string;
  /** All metrics in Prometheus' text format. */
  print(): Promise<string>;
  /** Call it when the query starts, and the returned function when the answer starts or the query failed. */
  startQuery(kind: WorkKind): (outcome: Outcome) => void;
  countRequest(method: string, route: string, status: number): void;
}

/** What the metrics are about. */
export interface Measured {
  readonly engine: Engine;
  readonly pipelines: () => readonly PipelineStatus[];
  readonly destinations: () => readonly DestinationStatus[];
  readonly intakes: AllIntakeCounts;
  readonly lake: () => LakeStatus | undefined;
  readonly windows: () => readonly WindowStatus[];
  readonly retention: () => RetentionStatus | undefined;
  readonly alerts: () => Alerts | undefined;
  readonly damage: () => readonly string[];
}

/**
 * One registry per server, so that several can run in one process. The metrics of the store and the pipelines are read
 * at each scrape.
 */
export function createMetrics({
  engine,
  pipelines,
  destinations,
  intakes,
  lake,
  windows,
  retention,
  alerts,
  damage,
}: Measured): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const queries = new Histogram({
    name: 'tailrace_query_duration_seconds',
    help: 'Time from a query until its answer starts, waiting included. question: SQL of users; report: panels.',
    labelNames: ['kind', 'outcome'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers: [registry],
  });
  const requests = new Counter({
    name: 'tailrace_http_requests_total',
    help: 'Requests answered, by route pattern',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  const readStore = addStoreMetrics(registry, engine, damage);
  const readPipelines = addPipelineMetrics(registry, pipelines);
  const readDestinations = addDestinationMetrics(registry, destinations);
  const readLake = addLakeMetrics(registry, lake);
  const readWindows = addWindowMetrics(registry, engine, windows);
  const readRetention = addRetentionMetrics(registry, retention);
  const readAlerts = addAlertMetrics(registry, engine, alerts);
  const readIntakes = addIntakeMetrics(registry, intakes);
  return {
    contentType: registry.contentType,
    async print() {
      readPipelines();
      readDestinations();
      readIntakes();
      readLake();
      readRetention();
      // Together, for each waits so long for a store that does not answer.
      await Promise.all([readStore(), readAlerts(), readWindows()]);
      return registry.metrics();
    },
    startQuery(kind) {
      const end = queries.startTimer({ kind });
      return (outcome) => end({ outcome });
    },
    countRequest: (method, route, status) => requests.inc({ method, route, status: String(status) }),
  };
}

interface StoreTotals {
  readonly objects: number;
  readonly lines: number;
  readonly rows: number;
  readonly rejected: number;
  readonly comments: number;
  readonly excluded: number;
  readonly bytes: number;
  readonly diskBytes: number;
}

const storeHelp: Readonly<Record<keyof StoreTotals, readonly [name: string, help: string]>> = {
  objects: ['tailrace_store_objects', 'Objects (files) in the ledger, each part of a grown one counted'],
  lines: ['tailrace_store_lines', 'Lines received: rows + rejected + comments + excluded'],
  rows: ['tailrace_store_rows', 'Lines stored in requests or logs'],
  rejected: ['tailrace_store_rejected_lines', 'Lines kept in rejects'],
  comments: ['tailrace_store_comment_lines', 'Directives, headers and blank lines'],
  excluded: ['tailrace_store_excluded_lines', 'Lines that rules leave out'],
  bytes: ['tailrace_store_received_bytes', 'Bytes of the objects as they lay there, mostly compressed'],
  diskBytes: ['tailrace_store_disk_bytes', 'Bytes of the tables on disk, compressed'],
};

/** Less than a scrape timeout: the other metrics matter most while the store does not answer. */
const storeWithinMs = 3000;

/** @returns a function that updates the store metrics; it never fails */
function addStoreMetrics(registry: Registry, engine: Engine, damage: () => readonly string[]): () => Promise<void> {
  const gauges = Object.entries(storeHelp).map(
    ([key, [name, help]]) => [key as keyof StoreTotals, new Gauge({ name, help, registers: [registry] })] as const,
  );
  const up = new Gauge({
    name: 'tailrace_store_up',
    help: 'Whether the store answered this scrape; without it the other store metrics are missing',
    registers: [registry],
  });
  const damaged = new Gauge({
    name: 'tailrace_store_damaged',
    help: 'Whether stored data is missing or cannot be read: GET /api/range lists the damage',
    registers: [registry],
  });
  return async () => {
    damaged.set(damage().length > 0 ? 1 : 0);
    const totals = await waitAtMost(readTotals(engine), storeWithinMs);
    up.set(totals ? 1 : 0);
    for (const [key, gauge] of gauges) {
      if (totals) gauge.set(totals[key]);
      else gauge.remove();
    }
  };
}

async function readTotals(engine: Engine): Promise<StoreTotals> {
  const [totals] = await engine.rows<StoreTotals>({
    sql: `
      SELECT
        count() AS objects, sum(lines) AS lines, sum(rows) AS rows, sum(rejected) AS rejected,
        sum(comments) AS comments, sum(excluded) AS excluded, sum(bytes) AS bytes,
        (SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = currentDatabase()) AS diskBytes
      FROM ledger`,
  });
  if (!totals) throw new Error('BUG: an aggregate without a row');
  return totals;
}
