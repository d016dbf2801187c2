import { once } from 'node:events';
import { isOutputName, type OutputName, outputFormats } from '../engine/output-formats.ts';
import { openStore } from '../store/open-store.ts';
import { type Arguments, type Command, exitCodes, textOption, UsageError } from './command.ts';
import { askServer, findServer } from './running-server.ts';
import { storeDirectory, storeHelp, storeLocation, storeOption } from './store-option.ts';

export const queryCommand: Command = {
  name: 'query',
  summary: 'Ask the store in SQL',
  usage: 'tailrace query [--store DIR] [--output FORMAT] SQL',
  options: { ...storeOption, output: { type: 'string', short: 'o' }, json: { type: 'boolean' } },
  help: `SQL is ClickHouse's, read-only and limited in time and memory. Tables: requests, cf_logs (the classic Athena
columns), rejects, ledger, layouts, events. A running server is asked over HTTP.

Options:
${storeHelp}
  --output, -o     ${Object.keys(outputFormats).join(' | ')}; default table on a terminal, else tsv
  --json           the same as --output json`,
  async run(args) {
    const [sql, ...more] = args.positionals;
    if (sql === undefined || more.length > 0) throw new UsageError('query wants one SQL text; put it in quotes');
    const format = readFormat(args);
    const server = await findServer(storeDirectory(args));
    if (server) return printAll(askServer(server, sql, format));
    const store = await openStore(storeLocation(args));
    try {
      return await printAll(store.engine.ask({ sql }, { format: outputFormats[format].clickhouse }));
    } finally {
      await store.close();
    }
  },
};

function readFormat(args: Arguments): OutputName {
  const fallback = process.stdout.isTTY ? 'table' : 'tsv';
  const name = args.values.json === true ? 'json' : (textOption(args, 'output') ?? fallback);
  if (isOutputName(name)) return name;
  throw new UsageError(`there is no output format "${name}"; there are ${Object.keys(outputFormats).join(', ')}`);
}

async function printAll(chunks: AsyncIterable<Uint8Array>): Promise<number> {
  for await (const chunk of chunks) {
    if (process.stdout.destroyed) break;
    // The error of a reader that left ends the waiting, and is not one of the query.
    if (!process.stdout.write(chunk)) await once(process.stdout, 'drain').catch(() => {});
  }
  return exitCodes.fine;
}
