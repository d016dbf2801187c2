import { resolve } from 'node:path';
import { starterPack } from '../alerts/starter-pack.ts';
import type { Config } from './config-schema.ts';
import { defaults } from './defaults.ts';
import { parseSize } from './size.ts';

const forever = { seconds: null, bytes: null };

/** The configuration without a file, as the schema makes it of an empty one: making the schema takes 50 ms. */
export function defaultConfig(baseDirectory: string): Config {
  const { maxSeconds, maxMemory, maxRows } = defaults.query;
  const memory = parseSize(maxMemory);
  if (!('value' in memory)) throw new Error(`BUG: the default "${maxMemory}" is not a size`);
  return {
    pipelines: [],
    destinations: [],
    windows: [],
    store: { kind: 'embedded', path: resolve(baseDirectory, defaults.store.path) },
    server: defaults.server,
    query: { maxSeconds, maxMemoryBytes: memory.value, maxResultRows: maxRows },
    retention: { requests: forever, logs: forever, rejects: forever },
    geoip: {},
    alerts: [...starterPack],
    notifications: [],
    maintenance: [],
  };
}
