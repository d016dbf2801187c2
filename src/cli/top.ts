import { parseDuration } from '../config/duration.ts';
import { readersToken } from '../server/access/request-access.ts';
import { type Arguments, type Command, exitCodes, isSet, textOption, UsageError } from './command.ts';
import { configuredStore, serverOf, storeHelp, storeOptions } from './configured-store.ts';
import { print } from './print.ts';
import type { ServerAddress } from './running-server.ts';
import { namedDirectory } from './store-option.ts';
import { readPipelines, readRetention, tokenVariable } from './top/read-pipelines.ts';
import { endless, renderTop } from './top/render-top.ts';
import { printLine } from './top/styled-line.ts';
import { watchPipelines } from './top/watch-pipelines.ts';

const usualUrl = 'http://127.0.0.1:4280';

export const topCommand: Command = {
  usage: 'tailrace top [--store DIR | --config FILE | --url URL] [--once] [--json] [--interval 1s]',
  options: {
    ...storeOptions,
    url: { type: 'string' },
    once: { type: 'boolean' },
    json: { type: 'boolean' },
    interval: { type: 'string' },
  },
  help: `Rate, lag, retries and rejects of each pipeline, those in trouble first; destinations; the lake; what retention has
deleted, deletes next and holds for a destination; and the latest events. On a terminal it
redraws until q quits; p shows and hides shards, queues and files. Elsewhere it prints once.

Options:
${storeHelp}
  --url URL        the server; default the one that serves the store, else ${usualUrl}. If it requires a token,
                   set ${tokenVariable}; not needed for the server of a store on this machine
  --once           prints once also on a terminal
  --json           prints the answer of GET /api/pipelines, once
  --interval TIME  between two requests; default 1s`,
  async run(args) {
    if (args.positionals.length > 0)
      throw new UsageError(`top takes no words, only options; found "${args.positionals[0]}"`);
    const intervalMs = readInterval(args);
    const { server, store } = await locate(args);
    const { url } = server;
    const isLive = process.stdout.isTTY && !isSet(args, 'once') && !isSet(args, 'json');
    if (isLive) {
      const hasColor = !process.env.NO_COLOR;
      await watchPipelines({ server, store, intervalMs, hasColor, input: process.stdin, output: process.stdout });
      return exitCodes.fine;
    }
    const answer = await readPipelines(server);
    if (isSet(args, 'json')) print(JSON.stringify(answer));
    else {
      const retention = await readRetention(server);
      const view = { url, store, nowMs: Date.now(), answer, retention, rates: new Map(), showsParts: true };
      for (const line of renderTop(view, endless).lines) print(printLine(line, endless.columns, false));
    }
    return exitCodes.fine;
  },
};

interface Place {
  readonly server: ServerAddress;
  /** Undefined when only the address is known. */
  readonly store: string | undefined;
}

async function locate(args: Arguments): Promise<Place> {
  const url = textOption(args, 'url');
  if (url !== undefined) {
    if (/^https?:\/\//.test(url) && URL.canParse(url))
      return { server: { url, token: process.env[tokenVariable] }, store: undefined };
    throw new UsageError(`--url wants an address such as ${usualUrl}; found "${url}"`);
  }
  const configured = await configuredStore(args);
  const server = await serverOf(configured);
  if (server) return { server, store: configured.name };
  if (namedDirectory(args) !== undefined) {
    throw new Error(
      `cannot watch the store "${configured.name}": no server serves it; start "tailrace up", or name one with --url`,
    );
  }
  const { server: listening } = configured.loaded.config;
  const token = process.env[tokenVariable] ?? readersToken(listening)?.token;
  return { server: { url: `http://127.0.0.1:${listening.port}`, token }, store: undefined };
}

function readInterval(args: Arguments): number {
  const text = textOption(args, 'interval') ?? '1s';
  const read = parseDuration(text);
  if (!('value' in read)) throw new UsageError(`--interval: ${read.cause}: "${text}"; ${read.remedy}`);
  if (read.value < 100) throw new UsageError(`--interval wants 100ms or more; found "${text}"`);
  return read.value;
}
