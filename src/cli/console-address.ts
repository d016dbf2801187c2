import { type Command, exitCodes, UsageError } from './command.ts';
import { type ConfiguredStore, configuredStore, serverOf, storeHelp, storeOptions } from './configured-store.ts';
import { print } from './print.ts';
import type { ServerAddress } from './running-server.ts';

export const consoleCommand: Command = {
  usage: 'tailrace console [--store DIR | --config FILE]',
  options: storeOptions,
  help: `Prints the address of the console of the running server with what permits it to silence alerts, to send messages again
and to change continuous queries. This is behind a "#", which browsers do not send; the page keeps it until its tab is
closed, and it holds until the server ends, or as long as server.operatorToken is configured. Give it to nobody who should not do that.

Options:
${storeHelp}`,
  async run(args) {
    if (args.positionals.length > 0)
      throw new UsageError(`console takes no words, only options; found "${args.positionals[0]}"`);
    const configured = await configuredStore(args);
    const server = await serverOf(configured);
    const address = server ?? addressOf(configured);
    if (address?.operatorToken !== undefined) {
      print(`${address.url}/#operator=${address.operatorToken}`);
      return exitCodes.fine;
    }
    throw new Error(
      `cannot print the address: no server of yours serves the store "${configured.name}"; start "tailrace up", name another one with --store, or configure server.operatorToken where the store is on a ClickHouse server`,
    );
  },
};

/** Where the store is on a ClickHouse server, nothing there names the programs that serve it. */
function addressOf({ location, loaded }: ConfiguredStore): Pick<ServerAddress, 'url' | 'operatorToken'> | undefined {
  if ('directory' in location) return undefined;
  const { port, publicUrl, operatorToken } = loaded.config.server;
  return { url: (publicUrl ?? `http://127.0.0.1:${port}`).replace(/\/$/, ''), operatorToken };
}
