import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { AlertPlan } from '../alerts/alert-plan.ts';
import { Alerts } from '../alerts/run-alerts.ts';
import { type DestinationDefinition, Destinations } from '../destinations/run-destinations.ts';
import type { StoreLocation } from '../engine/open-engine.ts';
import { FollowedLake, type LakeSchedule } from '../lake/follow-lake.ts';
import { lakeWaiter } from '../lake/lake-waiter.ts';
import { recoverBatches } from '../ledger/recover-batches.ts';
import type { Waiter } from '../ledger/undelivered-spans.ts';
import { deadAfterSeconds } from '../ledger/worker.ts';
import { openByteKeeper } from '../pipeline/keep-bytes.ts';
import { type PipelineDefinition, Pipelines } from '../pipeline/run-pipelines.ts';
import { followRollups } from '../rollups/follow-rollups.ts';
import { readersToken, requireToken } from '../server/access/request-access.ts';
import { createServer, type ServerOptions } from '../server/create-server.ts';
import { FileIngests } from '../server/file-ingests.ts';
import { SavedWindows } from '../server/saved-windows.ts';
import { HttpSource } from '../sources/http/http-source.ts';
import { markLedger } from '../store/ledger-mark.ts';
import type { Store, StoreOptions } from '../store/open-store.ts';
import type { Retention } from '../store/retention.ts';
import { Windows } from '../windows/run-windows.ts';
import type { WindowQuery } from '../windows/window-query.ts';
import { type CheckedStore, type FillableStore, openToStore } from './open-checked.ts';
import { tell } from './print.ts';
import { programVersion } from './program-version.ts';
import { RetentionKeeper } from './retention-keeper.ts';
import { announceServer, withdrawServer } from './running-server.ts';
import { ProblemTeller } from './tell-problems.ts';

export interface ServeOptions {
  readonly location: StoreLocation;
  /** Where to listen, and the access tokens. */
  readonly server: ServerOptions['config'];
  /** Limits of users' queries, GeoIP files. */
  readonly storeOptions?: StoreOptions;
  readonly pipelines?: readonly PipelineDefinition[];
  /** Called when the store is open, before the server listens. */
  readonly prepare?: (store: Store) => Promise<void>;
  readonly destinations?: readonly DestinationDefinition[];
  /** The range that the console opens on; default: by the data. */
  readonly opensOn?: NonNullable<ServerOptions['opensOn']>;
  readonly lake?: LakeSchedule;
  /** Continuous queries. */
  readonly windows?: readonly WindowQuery[];
  /** Absent: nothing is watched. */
  readonly alerts?: AlertPlan;
  /** Absent: nothing is deleted. */
  readonly retention?: Retention;
  /** Called when the server listens. */
  readonly ready: (url: string, apply: Apply) => void;
}

/** Each replaces what runs by what is configured now. */
export interface Apply {
  readonly pipelines: Pipelines['apply'];
  readonly windows: SavedWindows['apply'];
  readonly alerts: Alerts['apply'];
}

/** Serves and fills a store until SIGINT or SIGTERM. */
export async function serve(options: ServeOptions): Promise<void> {
  // Checked first, so that a bad configuration fails early.
  requireToken(options.server);
  const directory = 'directory' in options.location ? options.location.directory : undefined;
  const store = await openToStore(options.location, { ...options.storeOptions, onEngineEvent: warn });
  for (const wall of store.engine.missingWalls)
    warn(`the engine lacks a wall of the operating system: ${wall}; see SECURITY.md`);
  try {
    await options.prepare?.(store);
    const keeper = createKeeper(store, options);
    await keeper?.lookBesideOthers();
    const sweep = setInterval(() => void lookAfter(store, keeper).catch(warn), deadAfterSeconds * 1000);
    const rollups = followRollups(store.engine, store.worker, warn);
    try {
      await run(store, options, directory, keeper);
    } finally {
      clearInterval(sweep);
      await rollups.stop();
    }
  } finally {
    await store.close();
  }
}

/** Checks for damage; on a server also takes back batches of dead workers, of which an embedded store has none. */
async function lookAfter(store: CheckedStore, keeper: RetentionKeeper | undefined): Promise<void> {
  const { engine, watch } = store;
  await watch.look('in use');
  await keeper?.lookBesideOthers();
  if (engine.kind === 'server') await recoverBatches(engine);
  else await markLedger(engine);
}

function createKeeper({ engine, worker }: FillableStore, options: ServeOptions): RetentionKeeper | undefined {
  const { retention, destinations = [], lake } = options;
  const waiters: Waiter[] = destinations.map(({ name, pipelines }) => ({ destination: name, pipelines }));
  if (lake) waiters.push(lakeWaiter(lake));
  return retention && new RetentionKeeper({ engine, worker, retention, waiters, isAlone: false });
}

async function run(
  store: FillableStore,
  options: ServeOptions,
  directory: string | undefined,
  keeper: RetentionKeeper | undefined,
): Promise<void> {
  const { watch, spoolDirectory, ...context } = store;
  const onEvent = (pipeline: string, text: string) => warn(`${pipeline}: ${text}`);
  const fileIngests = new FileIngests(context, join(spoolDirectory, '.ingest'));
  const keptDirectory = join(directory ?? spoolDirectory, 'raw');
  const bytes = openByteKeeper(keptDirectory, options.destinations ?? []);
  const pipelines = new Pipelines({ ...context, ...(bytes ? { bytes } : {}) }, { spoolDirectory, onEvent });
  let destinations: Destinations | undefined;
  let lake: FollowedLake | undefined;
  let windows: Windows | undefined;
  let savedWindows: SavedWindows | undefined;
  let alerts: Alerts | undefined;
  const http = new HttpSource();
  const apply = (definitions: readonly PipelineDefinition[]) => pipelines.apply([...definitions, httpPipeline(http)]);
  /** Configured pipelines come first. */
  const status = () =>
    pipelines.status().toSorted((one, other) => Number(one.source === 'http') - Number(other.source === 'http'));
  const operatorToken = options.server.operatorToken ?? randomUUID();
  const server = await createServer({
    engine: context.engine,
    config: { ...options.server, operatorToken },
    version: await programVersion(),
    intake: http,
    fileIngests,
    pipelines: status,
    destinations: () => destinations?.status() ?? [],
    lake: () => lake?.status,
    windows: () => windows?.status() ?? [],
    savedWindows: () => savedWindows,
    retention: () => keeper?.status,
    alerts: () => alerts,
    damage: () => watch.damage,
    onFault: warn,
    ...(options.opensOn ? { opensOn: options.opensOn } : {}),
  });
  // Before the address is announced: a stop right after the start must not cut work that has started.
  const told = untilTold();
  const teller = new ProblemTeller();
  const telling = setInterval(() => teller.look(status()).forEach(warn), lookMs);
  try {
    destinations = new Destinations(
      { ...context, spoolDirectory: join(spoolDirectory, '.destinations'), keptDirectory, onEvent },
      options.destinations ?? [],
    );
    const lakeContext = { ...context, spoolDirectory: join(spoolDirectory, '.lake') };
    if (options.lake)
      lake = new FollowedLake({ ...lakeContext, onEvent: (text) => warn(`lake: ${text}`) }, options.lake);
    windows = new Windows({ ...context, spoolDirectory: join(spoolDirectory, '.windows'), onEvent }, []);
    savedWindows = await SavedWindows.open({ engine: context.engine, windows, onEvent }, options.windows ?? []);
    if (options.alerts) alerts = new Alerts({ ...context, onEvent: (text) => warn(`alerts: ${text}`) }, options.alerts);
    await apply([]);
    const url = await server.listen();
    if (directory) {
      const token = readersToken(options.server)?.token;
      await announceServer(directory, { url, token, ownToken: fileIngests.token, operatorToken });
    }
    await apply(options.pipelines ?? []);
    const [allWindows, runningAlerts] = [savedWindows, alerts];
    options.ready(url, {
      pipelines: apply,
      windows: (queries) => allWindows.apply(queries),
      alerts: async (plan) => runningAlerts?.apply(plan),
    });
    await told;
    if (directory) await withdrawServer(directory);
  } finally {
    clearInterval(telling);
    await server.stop();
    await fileIngests.close();
    await pipelines.stop();
    await destinations?.stop();
    await lake?.stop();
    await savedWindows?.stop();
    await windows?.stop();
    await alerts?.stop();
  }
}

/** HTTP intake counts as one more pipeline, which never changes. */
function httpPipeline(source: HttpSource): PipelineDefinition {
  return { name: 'http', identity: 'http', createSource: () => source, readHints: async () => ({}) };
}

/** How often pipelines are checked for problems to report on standard error. */
const lookMs = 5_000;

function warn(problem: unknown): void {
  const text = problem instanceof Error ? problem.message : String(problem);
  tell(`${new Date().toISOString()} ${text}`);
}

function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
