import { resolve } from 'node:path';
import { type LoadedConfig, loadConfig } from '../config/load-config.ts';
import type { StoreLocation } from '../engine/open-engine.ts';
import { formats } from '../formats/catalog.ts';
import { logFormats } from '../formats/logs/catalog.ts';
import type { GeoFiles } from '../store/geo-networks/geo-list.ts';
import type { StoreOptions } from '../store/open-store.ts';
import { type Arguments, textOption } from './command.ts';
import { tell } from './print.ts';
import { findServer, type ServerAddress } from './running-server.ts';
import { defaultDirectory, namedDirectory, storeOption } from './store-option.ts';

/** Options of every command that works on a store. */
export const storeOptions = { ...storeOption, config: { type: 'string' } } as const;

export const storeHelp = `  --store DIR      directory of the store; default TAILRACE_STORE, else the store of the configuration, else
                   ./${defaultDirectory}
  --config FILE    configuration; default tailrace.yaml, if it is there`;

/** The store that a command works on, and how the configuration wants it opened. */
export interface ConfiguredStore {
  readonly location: StoreLocation;
  /** Its directory or its address, for people. */
  readonly name: string;
  /** Limits of questions, and GeoIP files. */
  readonly options: StoreOptions & { readonly geoip: GeoFiles };
  readonly loaded: LoadedConfig;
}

/** @param file as on the command line; default `tailrace.yaml` of the working directory, if it is there */
export function readConfig(file?: string): Promise<LoadedConfig> {
  return loadConfig({
    file,
    workingDirectory: process.cwd(),
    environment: process.env,
    formats: [...formats, ...logFormats],
  });
}

/**
 * The one answer to "which store", for `up` and for every other command: the directory of the command line, of the
 * environment, then the store of the configuration, then the default directory.
 * @throws ConfigError when there is a configuration that cannot be used
 */
export async function configuredStore(args: Arguments): Promise<ConfiguredStore> {
  const loaded = await readConfig(textOption(args, 'config'));
  const { store, query, geoip } = loaded.config;
  const location = locate(args, store);
  const name = 'directory' in location ? location.directory : location.url;
  return { location, name, options: { limits: query, geoip }, loaded };
}

/** Says on standard error which store is used, where the command line does not show it. */
export function tellOfStore(args: Arguments, { location, name, loaded }: ConfiguredStore): void {
  if (textOption(args, 'store') !== undefined) return;
  if ('directory' in location && location.directory === resolve(defaultDirectory)) return;
  tell(`tailrace: the store is "${name}" (${process.env.TAILRACE_STORE ? 'TAILRACE_STORE' : loaded.file})`);
}

/** The running process that has the store open; a ClickHouse server serves everybody by itself. */
export async function serverOf({ location }: Pick<ConfiguredStore, 'location'>): Promise<ServerAddress | undefined> {
  return 'directory' in location ? findServer(location.directory) : undefined;
}

function locate(args: Arguments, configured: LoadedConfig['config']['store']): StoreLocation {
  const directory = namedDirectory(args);
  if (directory !== undefined) return { directory };
  if (configured.kind === 'embedded') return { directory: configured.path };
  const { kind: _, ...server } = configured;
  return server;
}
