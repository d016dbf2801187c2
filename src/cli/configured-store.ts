import { join, resolve } from 'node:path';
import { type LoadedConfig, loadConfig } from '../config/load-config.ts';
import { endEarly } from '../engine/embedded/early-process.ts';
import type { StoreLocation } from '../engine/open-engine.ts';
import type { GeoFiles } from '../store/geo-networks/geo-list.ts';
import type { StoreOptions } from '../store/open-store.ts';
import { type Arguments, textOption } from './command.ts';
import { tell } from './print.ts';
import { findServer, type ServerAddress } from './running-server.ts';
import { defaultDirectory, namedDirectory, storeOption } from './store-option.ts';

/** Options shared by all commands that use a store. */
export const storeOptions = { ...storeOption, config: { type: 'string' } } as const;

export const storeHelp = `  --store DIR      directory of the store; default TAILRACE_STORE, else the store of the configuration, else
                   ./${defaultDirectory}
  --config FILE    configuration; default tailrace.yaml, if it is there`;

/** The store of a command, and how the configuration says to open it. */
export interface ConfiguredStore {
  readonly location: StoreLocation;
  /** Its directory or its address, for messages. */
  readonly name: string;
  /** Query limits and GeoIP files. */
  readonly options: StoreOptions & { readonly geoip: GeoFiles };
  readonly loaded: LoadedConfig;
}

/** @param file as on the command line; default `tailrace.yaml` of the working directory, if it is there */
export function readConfig(file?: string): Promise<LoadedConfig> {
  return loadConfig({
    file,
    workingDirectory: process.cwd(),
    environment: process.env,
    formats: readFormats,
  });
}

async function readFormats() {
  const [{ formats }, { logFormats }] = await Promise.all([
    import('../formats/catalog.ts'),
    import('../formats/logs/catalog.ts'),
  ]);
  return [...formats, ...logFormats];
}

/**
 * Resolves the store, for `up` and every other command: the directory from the command line, then from the environment,
 * then the store of the configuration, then the default directory.
 * @throws ConfigError when the configuration is invalid
 */
export async function configuredStore(args: Arguments): Promise<ConfiguredStore> {
  const loaded = await readConfig(textOption(args, 'config'));
  const { store, query, geoip, lake } = loaded.config;
  const location = locate(args, store);
  const name = 'directory' in location ? location.directory : location.url;
  return {
    location,
    name,
    options: { limits: query, geoip, ...(await lakeOptions(lake, location)) },
    loaded,
  };
}

/** How questions read the lake; they do so with the embedded engine only. */
async function lakeOptions(
  lake: LoadedConfig['config']['lake'],
  location: StoreLocation,
): Promise<Pick<StoreOptions, 'lakeFolder' | 'remoteLake'>> {
  if (!lake || !('directory' in location)) return {};
  if (lake.to.type === 'folder') return { lakeFolder: lake.to.path };
  const { LakeCache } = await import('../lake/lake-cache.ts');
  return { remoteLake: new LakeCache(lake.to, join(location.directory, 'lake-cache'), lake.cacheBytes) };
}

/** Prints on standard error which store is used, unless the command line names it. */
export function tellOfStore(args: Arguments, { location, name, loaded }: ConfiguredStore): void {
  if (textOption(args, 'store') !== undefined) return;
  if ('directory' in location && location.directory === resolve(defaultDirectory)) return;
  tell(`tailrace: the store is "${name}" (${process.env.TAILRACE_STORE ? 'TAILRACE_STORE' : loaded.file})`);
}

/** The running process that has the store open; none for a ClickHouse server, which takes several clients. */
export async function serverOf({ location }: Pick<ConfiguredStore, 'location'>): Promise<ServerAddress | undefined> {
  const server = 'directory' in location ? await findServer(location.directory) : undefined;
  if (server || !('directory' in location)) endEarly();
  return server;
}

function locate(args: Arguments, configured: LoadedConfig['config']['store']): StoreLocation {
  const directory = namedDirectory(args);
  if (directory !== undefined) return { directory };
  if (configured.kind === 'embedded') return { directory: configured.path };
  const { kind: _, ...server } = configured;
  return server;
}
