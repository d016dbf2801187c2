import { planAlerts } from './alert-plan.ts';
import { type Arguments, type Command, exitCodes, textOption, UsageError } from './command.ts';
import { configuredStore, readConfig, storeHelp, storeOptions } from './configured-store.ts';
import { defineDestinations } from './destination-definitions.ts';
import { followConfig } from './follow-config.ts';
import { definePipelines } from './pipeline-definitions.ts';
import { print, tell } from './print.ts';
import { serve } from './serve.ts';
import type { ConfigWatch } from './watch-config.ts';

export const upCommand: Command = {
  usage: 'tailrace up [--store DIR] [--host 127.0.0.1] [--port 4280] [--config tailrace.yaml]',
  options: { ...storeOptions, host: { type: 'string' }, port: { type: 'string' } },
  help: `Ends with Ctrl-C. The command line takes precedence over the configuration. Edits of pipelines, windows, alerts,
notifications and maintenance in the configuration file are applied at once; an invalid edit is reported, and what runs
goes on. SIGHUP rereads the file, or checks whether there is one by now.

Options:
${storeHelp}
  --host HOST      address to listen on; default 127.0.0.1
  --port PORT      port to listen on; default 4280, 0 chooses a free one`,
  async run(args) {
    if (args.positionals.length > 0)
      throw new UsageError(`up takes no words, only options; found "${args.positionals[0]}"`);
    process.on('SIGHUP', hangUpEarly);
    const { location, options, loaded: running } = await configuredStore(args);
    const { config } = running;
    let watch: ConfigWatch | undefined;
    await serve({
      location,
      server: {
        ...config.server,
        host: textOption(args, 'host') ?? config.server.host,
        port: readPort(args) ?? config.server.port,
      },
      storeOptions: options,
      pipelines: await definePipelines(config.pipelines),
      destinations: await defineDestinations(config.destinations),
      retention: config.retention,
      windows: config.windows,
      alerts: await planAlerts(config),
      ...(config.lake ? { lake: config.lake } : {}),
      ready: (url, apply) => {
        print(`tailrace listens on ${url}`);
        watch = followConfig({ load: readConfig, running, apply, say: tell });
        process.off('SIGHUP', hangUpEarly);
      },
    }).finally(() => {
      process.off('SIGHUP', hangUpEarly);
      watch?.close();
    });
    return exitCodes.fine;
  },
};

/** Without a listener the signal would end the process. */
function hangUpEarly(): void {
  tell('SIGHUP came while the program starts; send it again when it listens');
}

function readPort(args: Arguments): number | undefined {
  const text = textOption(args, 'port');
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new UsageError(`--port wants a number from 0 to 65535; found "${text}"`);
  return port;
}
