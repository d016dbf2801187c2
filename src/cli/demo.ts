import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { starterPack } from '../alerts/starter-pack.ts';
import { ingestFiles } from '../pipeline/ingest-files.ts';
import { expandPaths } from '../sources/files/expand-paths.ts';
import type { Store } from '../store/open-store.ts';
import { classicQueries } from '../windows/classic-queries.ts';
import { type Command, exitCodes, textOption } from './command.ts';
import { print } from './print.ts';
import { serve } from './serve.ts';
import { defaultDirectory, namedDirectory, storeOption } from './store-option.ts';

/** The busiest days of the shipped logs; the others are years apart. */
const busiest = { from: '2015-05-19 04:00:00', to: '2015-05-20 22:00:00' };

export const demoCommand: Command = {
  usage: 'tailrace demo [--store DIR] [--port 4280]',
  options: { ...storeOption, host: { type: 'string' }, port: { type: 'string' }, keep: { type: 'boolean' } },
  help: `Ends with Ctrl-C.

Options:
  --store DIR      where to put the data; default ./tailrace-data/demo, recreated each time
  --keep           keep what an earlier demo stored; its files are then skipped
  --port PORT      port to listen on; default 4280`,
  async run(args) {
    const named = namedDirectory(args) ?? resolve(defaultDirectory);
    const directory = textOption(args, 'store') ? named : join(named, 'demo');
    // Only the demo's own folder is emptied, never one that the user named.
    if (!textOption(args, 'store') && args.values.keep !== true) await rm(directory, { recursive: true, force: true });
    await serve({
      location: { directory },
      server: { host: textOption(args, 'host') ?? '127.0.0.1', port: Number(textOption(args, 'port') ?? 4280) },
      prepare: ingestExamples,
      opensOn: busiest,
      windows: classicQueries,
      alerts: { alerts: starterPack, receivers: [], maintenance: [] },
      ready: (url) => print('', `Open ${url}`, `End with Ctrl-C. The data is in ${directory}`),
    });
    return exitCodes.fine;
  },
};

async function ingestExamples(store: Store): Promise<void> {
  const examples = fileURLToPath(new URL('../../examples/logs', import.meta.url));
  const { files } = await expandPaths([`${examples}/genuine`, `${examples}/simulated-edge`]);
  const started = performance.now();
  const { lines, rows, rejected, comments, known } = await ingestFiles(store, files);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const count = (value: number) => value.toLocaleString('en');
  print(
    known > 0
      ? `${known} files are stored already`
      : `${count(lines)} lines in ${files.length} files: ${count(rows)} rows stored, ${count(rejected)} rejected, ${count(comments)} comments, in ${seconds} s`,
  );
}
