import { loadConfig } from '../config/load-config.ts';
import type { StoreLocation } from '../engine/open-engine.ts';
import { formats } from '../formats/catalog.ts';
import { applyRetention } from '../store/retention.ts';
import { type Arguments, type Command, exitCodes, textOption, UsageError } from './command.ts';
import { serve } from './serve.ts';
import { storeDirectory, storeOption } from './store-option.ts';

export const upCommand: Command = {
  name: 'up',
  summary: 'Serve the console and the HTTP API',
  usage: 'tailrace up [--store DIR] [--host 127.0.0.1] [--port 4280] [--config tailrace.yaml]',
  options: { ...storeOption, host: { type: 'string' }, port: { type: 'string' }, config: { type: 'string' } },
  help: `Ends with Ctrl-C. What the command line says goes before the configuration.

Options:
  --config FILE    configuration; default tailrace.yaml, if it is there
  --store DIR      where the data is; default ./tailrace-data, or TAILRACE_STORE
  --host HOST      address to listen on; default 127.0.0.1
  --port PORT      port to listen on; default 4280, 0 takes a free one`,
  async run(args) {
    if (args.positionals.length > 0)
      throw new UsageError(`up takes no words, only options; found "${args.positionals[0]}"`);
    const { config } = await loadConfig({
      file: textOption(args, 'config'),
      workingDirectory: process.cwd(),
      environment: process.env,
      formats,
    });
    await serve({
      location: locate(args, config.store),
      host: textOption(args, 'host') ?? config.server.host,
      port: readPort(args) ?? config.server.port,
      storeOptions: { limits: config.query, geoip: config.geoip },
      prepare: (store) => applyRetention(store.engine, config.retention),
      ready: (url) => process.stdout.write(`tailrace listens on ${url}\n`),
    });
    return exitCodes.fine;
  },
};

type StoreConfig = Awaited<ReturnType<typeof loadConfig>>['config']['store'];

function locate(args: Arguments, configured: StoreConfig): StoreLocation {
  if (textOption(args, 'store') !== undefined || process.env.TAILRACE_STORE) return { directory: storeDirectory(args) };
  if (configured.kind === 'embedded') return { directory: configured.path };
  const { url, user, password } = configured;
  return { url, user, password };
}

function readPort(args: Arguments): number | undefined {
  const text = textOption(args, 'port');
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new UsageError(`--port wants a number from 0 to 65535; found "${text}"`);
  return port;
}
