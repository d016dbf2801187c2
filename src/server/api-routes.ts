import type { ApiRoute } from './api-route.ts';
import { alertRoute, alertsRoute, endSilenceRoute, replayMessagesRoute, silenceRoute } from './routes/alerts.ts';
import { alertBacktestRoute, draftBacktestRoute, windowBacktestRoute } from './routes/backtests.ts';
import { downloadRoute, prepareDownloadRoute } from './routes/downloads.ts';
import { exploreRowRoute, exploreRowsRoute, exploreValuesRoute } from './routes/explore.ts';
import { healthzRoute, livezRoute, readyzRoute } from './routes/health.ts';
import { ingestRoute } from './routes/ingest.ts';
import { metricsRoute } from './routes/metrics.ts';
import { createOpenapiRoute } from './routes/openapi.ts';
import { pipelinesRoute } from './routes/pipelines.ts';
import { queryRoute } from './routes/query.ts';
import { rangeRoute } from './routes/range.ts';
import { replayRoute } from './routes/replay.ts';
import { reportCsvRoute, reportListRoute, reportRoute, reportTotalsRoute } from './routes/reports.ts';
import { retentionRoute } from './routes/retention.ts';
import { deleteWindowRoute, saveWindowRoute } from './routes/saved-windows.ts';
import { schemaRoute } from './routes/schema.ts';
import { tailRoute } from './routes/tail.ts';
import { versionRoute } from './routes/version.ts';
import { explainWindowRoute, flinkWindowRoute } from './routes/window-explain.ts';
import { windowStreamRoute } from './routes/window-stream.ts';
import { replayWindowsRoute, windowListRoute, windowRoute } from './routes/windows.ts';

const described: readonly ApiRoute[] = [
  healthzRoute,
  livezRoute,
  readyzRoute,
  versionRoute,
  metricsRoute,
  queryRoute,
  schemaRoute,
  prepareDownloadRoute,
  downloadRoute,
  reportListRoute,
  reportRoute,
  reportTotalsRoute,
  reportCsvRoute,
  rangeRoute,
  exploreRowsRoute,
  exploreRowRoute,
  exploreValuesRoute,
  tailRoute,
  pipelinesRoute,
  ingestRoute,
  replayRoute,
  retentionRoute,
  alertsRoute,
  alertRoute,
  alertBacktestRoute,
  replayMessagesRoute,
  silenceRoute,
  endSilenceRoute,
  windowListRoute,
  windowRoute,
  windowStreamRoute,
  saveWindowRoute,
  deleteWindowRoute,
  draftBacktestRoute,
  windowBacktestRoute,
  explainWindowRoute,
  flinkWindowRoute,
  replayWindowsRoute,
];

/** The only list of routes other than intakes, both for the server and for the OpenAPI document. */
export const apiRoutes: readonly ApiRoute[] = [...described, createOpenapiRoute(described)];
