import { readFile } from 'node:fs/promises';
import { text as readText } from 'node:stream/consumers';
import { inFormat, isOutputName, type OutputName, outputFormats } from '../engine/output-formats.ts';
import { type Arguments, type Command, isSet, textOption, UsageError } from './command.ts';
import { configuredStore, serverOf, storeHelp, storeOptions, tellOfStore } from './configured-store.ts';
import { openWatched } from './open-checked.ts';
import { requireStore } from './require-store.ts';
import { askServer, type Question } from './running-server.ts';
import { writeAnswer } from './write-answer.ts';

export const queryCommand: Command = {
  usage: 'tailrace query [--store DIR | --config FILE] [--output FORMAT] [--param NAME=VALUE] SQL | -f FILE | -',
  options: {
    ...storeOptions,
    output: { type: 'string', short: 'o' },
    json: { type: 'boolean' },
    file: { type: 'string', short: 'f' },
    param: { type: 'string', multiple: true },
    'no-header': { type: 'boolean' },
  },
  help: `SQL is ClickHouse's, read-only and limited in time and memory. Tables: requests, cf_logs (the classic Athena
columns), logs, rejects, ledger, layouts, events. A running server is queried over HTTP.

Options:
${storeHelp}
  --file, -f FILE  read the SQL from a file; the word - reads it from standard input
  --param N=VALUE  value of the placeholder {N:Type} in the SQL; may be repeated
  --output, -o     ${Object.keys(outputFormats).join(' | ')};
                   default table on a terminal, else tsv. csv-safe is for spreadsheets: texts that they would run as
                   formulas (starting with = + - @ or a tab) are prefixed with an apostrophe.
                   On a terminal, and as table anywhere, control characters are shown as \\u001b; all other formats,
                   in a pipe or a file, contain the stored bytes unchanged
  --json           the same as --output json
  --no-header      csv and tsv without the line of column names`,
  async run(args) {
    const question: Question = { sql: await readSql(args), params: readParams(args), format: readFormat(args) };
    const configured = await configuredStore(args);
    tellOfStore(args, configured);
    const server = await serverOf(configured);
    if (server) return writeAnswer(askServer(server, question), question.format);
    await requireStore(configured.location);
    const store = await openWatched(configured.location, {
      ...configured.options,
      task: 'question',
    });
    try {
      const { clickhouse } = outputFormats[question.format];
      const answer = inFormat(question.format, store.engine.ask(question, { format: clickhouse }));
      return await writeAnswer(answer, question.format);
    } finally {
      await store.looked;
      await store.close();
    }
  },
};

async function readSql(args: Arguments): Promise<string> {
  const file = textOption(args, 'file');
  const [word, ...more] = args.positionals;
  if (more.length > 0 || (word === undefined) === (file === undefined)) {
    throw new UsageError('query wants one SQL text in quotes, or -f FILE, or - for standard input');
  }
  if (file !== undefined) return readFile(file, 'utf8');
  return word === '-' ? readText(process.stdin) : (word ?? '');
}

function readParams(args: Arguments): Record<string, string> {
  const written = args.values.param ?? [];
  const pairs = (Array.isArray(written) ? written : [written]).map((text) => {
    const [, name, value] = /^(\w+)=(.*)$/s.exec(String(text)) ?? [];
    if (name === undefined || value === undefined) throw new UsageError(`--param wants NAME=VALUE; found "${text}"`);
    return [name, value] as const;
  });
  return Object.fromEntries(pairs);
}

function readFormat(args: Arguments): OutputName {
  const fallback = process.stdout.isTTY ? 'table' : 'tsv';
  const name = args.values.json === true ? 'json' : (textOption(args, 'output') ?? fallback);
  if (name === 'parquet' && process.stdout.isTTY) {
    throw new UsageError(
      'parquet is not for a terminal; write it to a file: tailrace query -o parquet … > rows.parquet',
    );
  }
  const wanted = isSet(args, 'no-header') ? `${name}-no-header` : name;
  if (isOutputName(wanted)) return wanted;
  if (isOutputName(name)) throw new UsageError(`--no-header is for csv and tsv; ${name} has no line of column names`);
  throw new UsageError(`there is no output format "${name}"; there are ${Object.keys(outputFormats).join(', ')}`);
}
