import { isOutputName, type OutputName, outputFormats } from '../engine/output-formats.ts';
import { openStore } from '../store/open-store.ts';
import { type Arguments, type Command, textOption, UsageError } from './command.ts';
import { askServer, findServer } from './running-server.ts';
import { storeDirectory, storeHelp, storeLocation, storeOption, tellOfEngine } from './store-option.ts';
import { writeAnswer } from './write-answer.ts';

export const queryCommand: Command = {
  name: 'query',
  summary: 'Ask the store in SQL',
  usage: 'tailrace query [--store DIR] [--output FORMAT] SQL',
  options: { ...storeOption, output: { type: 'string', short: 'o' }, json: { type: 'boolean' } },
  help: `SQL is ClickHouse's, read-only and limited in time and memory. Tables: requests, cf_logs (the classic Athena
columns), rejects, ledger, layouts, events. A running server is asked over HTTP.

Options:
${storeHelp}
  --output, -o     ${Object.keys(outputFormats).join(' | ')}; default table on a terminal, else tsv.
                   On a terminal, and as table anywhere, characters that would steer it are shown as \\u001b; all other
                   formats, in a pipe or a file, hold what is stored, byte for byte
  --json           the same as --output json`,
  async run(args) {
    const [sql, ...more] = args.positionals;
    if (sql === undefined || more.length > 0) throw new UsageError('query wants one SQL text; put it in quotes');
    const format = readFormat(args);
    const server = await findServer(storeDirectory(args));
    if (server) return writeAnswer(askServer(server, sql, format), format);
    const store = await openStore(storeLocation(args), { onEngineEvent: tellOfEngine });
    try {
      return await writeAnswer(store.engine.ask({ sql }, { format: outputFormats[format].clickhouse }), format);
    } finally {
      await store.close();
    }
  },
};

function readFormat(args: Arguments): OutputName {
  const fallback = process.stdout.isTTY ? 'table' : 'tsv';
  const name = args.values.json === true ? 'json' : (textOption(args, 'output') ?? fallback);
  if (name === 'parquet' && process.stdout.isTTY) {
    throw new UsageError(
      'parquet is not for a terminal; write it to a file: tailrace query -o parquet … > rows.parquet',
    );
  }
  if (isOutputName(name)) return name;
  throw new UsageError(`there is no output format "${name}"; there are ${Object.keys(outputFormats).join(', ')}`);
}
