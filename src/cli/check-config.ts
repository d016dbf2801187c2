import { mkdtemp, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../config/config-schema.ts';
import type { DestinationConfig } from '../config/sections/destinations-section.ts';
import type { PipelineConfig } from '../config/sections/pipelines-section.ts';
import type { StoreConfig } from '../config/sections/store-section.ts';
import { createLake, type LakeLocation } from '../lake/open-lake.ts';
import { readRealtimeLogConfig } from '../sources/aws/read-realtime-log-config.ts';
import { withDeadline } from '../waiting/deadline.ts';
import { createOutput } from '../windows/outputs/create-output.ts';
import { createReceiver } from './alert-plan.ts';
import { defineDestinations } from './destination-definitions.ts';
import type { CreateSource } from './load-sources.ts';

export interface CheckOptions {
  readonly createSource: CreateSource;
  /** Makes no network calls. */
  readonly offline: boolean;
  /** Timeout of each source; all are checked in parallel. */
  readonly timeoutMs: number;
}

export interface Checked {
  readonly pipelines: readonly (Finding & { readonly name: string })[];
  readonly destinations: readonly (Finding & { readonly name: string })[];
  /** Outputs of continuous queries; the name is that of the query. */
  readonly outputs: readonly (Finding & { readonly name: string })[];
  readonly notifications: readonly (Finding & { readonly name: string })[];
  /** Absent without a lake. */
  readonly lake?: Finding;
  readonly store: Finding;
}

export interface Finding {
  /** E.g. `kinesis`; for the store and the lake the directory or address. */
  readonly of: string;
  /** Each with a remedy; empty when the check passed. */
  readonly problems: readonly string[];
}

/** Creates every source and store of a configuration and checks whether it could run. Leaves nothing behind. */
export async function checkConfig(
  config: Pick<Config, 'pipelines' | 'destinations' | 'windows' | 'notifications' | 'store' | 'lake'>,
  options: CheckOptions,
): Promise<Checked> {
  const directory = config.store.kind === 'embedded' ? config.store.path : 'tailrace-data';
  const [store, pipelines, destinations, outputs, notifications, lake] = await Promise.all([
    checkStore(config.store, options),
    Promise.all(
      config.pipelines.map((pipeline) => checkPipeline(pipeline, join(directory, 'spool', pipeline.name), options)),
    ),
    checkDestinations(config.destinations, join(directory, 'spool'), options),
    checkOutputs(config.windows, options),
    checkReceivers(config.notifications, options),
    config.lake && checkLake(config.lake.to, join(directory, 'spool', '.lake'), options),
  ]);
  return { store, pipelines, destinations, outputs, notifications, ...(lake ? { lake } : {}) };
}

async function checkLake(to: LakeLocation, spoolDirectory: string, { offline, timeoutMs }: CheckOptions) {
  const place = createLake(to, spoolDirectory);
  const problems = offline ? [] : await withinTime((signal) => place.check(signal), `lake "${place.name}"`, timeoutMs);
  return { of: place.name, problems };
}

async function checkDestinations(
  configured: readonly DestinationConfig[],
  spoolDirectory: string,
  { offline, timeoutMs }: CheckOptions,
) {
  const destinations = await defineDestinations(configured);
  return Promise.all(
    destinations.map(async ({ name, type, create }) => {
      const own = join(spoolDirectory, name);
      const check = (signal: AbortSignal) => create(own, join(own, 'raw')).check(signal);
      return { name, of: type, problems: offline ? [] : await withinTime(check, `destination "${name}"`, timeoutMs) };
    }),
  );
}

async function checkOutputs(queries: Config['windows'], { offline, timeoutMs }: CheckOptions) {
  const outputs = queries.flatMap(({ name, outputs: all }) => all.map((one) => ({ name, one })));
  return Promise.all(
    outputs.map(async ({ name, one }) => {
      const output = createOutput(name, one);
      const check = (signal: AbortSignal) => output.check(signal);
      const thing = `output "${output.name}" of "${name}"`;
      return { name, of: one.type, problems: offline ? [] : await withinTime(check, thing, timeoutMs) };
    }),
  );
}

async function checkReceivers(notifications: Config['notifications'], { offline, timeoutMs }: CheckOptions) {
  return Promise.all(
    notifications.map(async (one) => {
      const receiver = await createReceiver(one);
      const check = (signal: AbortSignal) => receiver.check(signal);
      const { name, type: of } = one;
      return { name, of, problems: offline ? [] : await withinTime(check, `receiver "${name}"`, timeoutMs) };
    }),
  );
}

async function checkPipeline(pipeline: PipelineConfig, spoolDirectory: string, options: CheckOptions) {
  const { name, source, format } = pipeline;
  const checks: ((signal: AbortSignal) => Promise<readonly string[]>)[] = [];
  const problems: string[] = [];
  try {
    const created = options.createSource(pipeline, spoolDirectory);
    checks.push((signal) => created.check(signal));
  } catch (error) {
    problems.push(messageOf(error));
  }
  if (format?.from !== undefined) {
    const { from } = format;
    checks.push(() => readRealtimeLogConfig(from).then(() => []));
  }
  if (!options.offline) {
    const found = await Promise.all(checks.map((check) => withinTime(check, `pipeline "${name}"`, options.timeoutMs)));
    problems.push(...found.flat());
  }
  return { name, of: source.type, problems };
}

async function checkStore(store: StoreConfig, { offline, timeoutMs }: CheckOptions): Promise<Finding> {
  if (store.kind === 'embedded') return { of: store.path, problems: await problemsOfDirectory(store.path) };
  const problems = offline ? [] : await withinTime(() => askServer(store), `store "${store.url}"`, timeoutMs);
  return { of: store.url, problems };
}

/** Whether the store directory is writable: creates and removes a directory in it or in its nearest existing parent. */
async function problemsOfDirectory(path: string): Promise<readonly string[]> {
  const existing = await nearestExisting(path);
  try {
    await rmdir(await mkdtemp(join(existing, '.tailrace-check-')));
    return [];
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const cause = causes[code ?? ''] ?? message;
    return [`cannot write to "${existing}": ${cause}; fix that, or name another directory with store.path`];
  }
}

const causes: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'its file system is read-only',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'it is not a directory',
};

async function nearestExisting(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch {
    return path === dirname(path) ? path : nearestExisting(dirname(path));
  }
}

/** Opening the store would create its database. */
async function askServer(store: StoreConfig & { kind: 'server' }): Promise<readonly string[]> {
  const { ServerConnection } = await import('../engine/server/server-connection.ts');
  const connection = new ServerConnection(store, 'default', 1);
  try {
    await connection.collect({ sql: 'SELECT 1 FORMAT TSVRaw' });
    return [];
  } finally {
    await connection.close();
  }
}

/** Problems that `check` finds; a timeout or an exception is a problem too. */
async function withinTime(
  check: (signal: AbortSignal) => Promise<readonly string[]>,
  thing: string,
  timeoutMs: number,
): Promise<readonly string[]> {
  const late = new AbortController();
  const remedy = 'check address, region and network';
  const answer = check(late.signal).catch((error: unknown) => [messageOf(error)]);
  const onLate = () => {
    late.abort();
    return [`cannot check ${thing}: there was no answer within ${timeoutMs / 1000} s; ${remedy}`];
  };
  return withDeadline<readonly string[]>(answer, { afterMs: timeoutMs, onLate });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
