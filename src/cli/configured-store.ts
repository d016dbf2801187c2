import { type LoadedConfig, loadConfig } from '../config/load-config.ts';
import type { StoreLocation } from '../engine/open-engine.ts';
import { formats } from '../formats/catalog.ts';
import { logFormats } from '../formats/logs/catalog.ts';
import { type Arguments, textOption } from './command.ts';
import { storeDirectory } from './store-option.ts';

export const configOption = { config: { type: 'string' } } as const;

/** @param file as on the command line; default `tailrace.yaml` of the working directory, if it is there */
export function readConfig(file?: string): Promise<LoadedConfig> {
  return loadConfig({
    file,
    workingDirectory: process.cwd(),
    environment: process.env,
    formats: [...formats, ...logFormats],
  });
}

/** What the command line and the environment say goes before the configuration. */
export function configuredStore(args: Arguments, configured: LoadedConfig['config']['store']): StoreLocation {
  if (isNamed(args)) return { directory: storeDirectory(args) };
  if (configured.kind === 'embedded') return { directory: configured.path };
  const { kind: _, ...server } = configured;
  return server;
}

/** The store of a command that needs nothing else of the configuration. */
export async function locateStore(args: Arguments): Promise<StoreLocation> {
  if (isNamed(args)) return { directory: storeDirectory(args) };
  const { config } = await readConfig(textOption(args, 'config'));
  return configuredStore(args, config.store);
}

function isNamed(args: Arguments): boolean {
  return textOption(args, 'store') !== undefined || Boolean(process.env.TAILRACE_STORE);
}
