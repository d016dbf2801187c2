import { stat } from 'node:fs/promises';
import { inspectFile } from '../framing/files/inspect-file.ts';
import { describeUnpacking } from '../framing/lines/unpacking.ts';
import { describeBatchLayout, isColumnLayout, isRefused } from '../layouts/batch-layout.ts';
import { inspectInput, sampleLines } from '../layouts/inspect-input.ts';
import type { Layout } from '../layouts/layout.ts';
import { openSample } from '../layouts/opening/open-sample.ts';
import { splitSample } from '../layouts/split-sample.ts';
import { expandPaths } from '../sources/files/expand-paths.ts';
import { type Command, exitCodes, isSet, UsageError } from './command.ts';
import { listFormats, mostFiles } from './detect/list-formats.ts';
import { layoutHelp, layoutOptions, readLayoutHints } from './layout-options.ts';
import { print, tell } from './print.ts';

export const detectCommand: Command = {
  usage: 'tailrace detect [--format NAME] PATH|GLOB...',
  options: { ...layoutOptions, json: { type: 'boolean' } },
  help: `For one file it prints the format, the confidence, the columns, and sample rows by column; for a folder or several
files one line each, up to ${mostFiles}. Nothing is stored.

Options:
${layoutHelp}
  --json           print one object`,
  async run(args) {
    if (args.positionals.length === 0) throw new UsageError('detect wants at least one PATH or GLOB');
    const hints = await readLayoutHints(args);
    const { files, unusable } = await expandPaths(args.positionals);
    for (const { path, problem } of unusable) tell(`tailrace: cannot read "${path}": ${problem}`);
    const [path, ...more] = files;
    if (path === undefined) return exitCodes.failed;
    if (
      more.length > 0 ||
      unusable.length > 0 ||
      (await stat(args.positionals[0] as string).catch(() => undefined))?.isDirectory()
    ) {
      const known = await listFormats(files, hints, isSet(args, 'json'));
      return known > 0 && unusable.length === 0 ? exitCodes.fine : exitCodes.failed;
    }
    const { file, layout, confidence, doubts } = await inspectInput(path, hints, { leastConfidence: 0 }).catch(
      (cause: Error) => {
        throw new Error(`cannot detect the format of "${path}": ${cause.message}`, { cause });
      },
    );
    if (isRefused(layout)) throw new Error(`BUG: an inspected file has no layout: ${layout.refused}`);
    const { sample, complete } = inspectFile(path);
    const lines = openSample(sampleLines(sample, complete), layout.opening ?? []).filter((line) => line !== '');
    const columns = isColumnLayout(layout) ? layout.columns : [];
    const rows = isColumnLayout(layout) ? sampleRows(layout, lines) : [];
    if (isSet(args, 'json')) {
      const described = {
        path,
        format: layout.format.name,
        content: file.content,
        ...(isColumnLayout(layout) ? { framing: layout.framing, namedBy: layout.namedBy } : {}),
        confidence,
        doubts,
        columns,
        rows,
      };
      print(JSON.stringify(described));
      return exitCodes.fine;
    }
    const sure = `${Math.round(confidence * 100)} % sure`;
    const packed = file.unpacking ? describeUnpacking(file.unpacking) : '';
    print(layout.format.title, `${describeBatchLayout(layout)}${packed}; ${sure}`, '');
    if (columns.length === 0) for (const line of lines.slice(0, 3)) print(`  ${shorten(line, 100)}`);
    const width = Math.max(...columns.map((name) => name.length));
    for (const [index, name] of columns.entries()) {
      const values = rows.map((row) => shorten(row[index] ?? '', 40)).join('   ');
      print(`${String(index + 1).padStart(3)}  ${name.padEnd(width)}  ${values}`);
    }
    for (const doubt of doubts) print('', `not sure: ${doubt}`);
    return exitCodes.fine;
  },
};

/** Values of the first lines, by column. */
function sampleRows(layout: Layout, lines: readonly string[]): string[][] {
  const header = layout.framing.kind === 'delimited' ? layout.framing.header : '';
  return lines
    .filter((line) => !line.startsWith('#') && line !== header)
    .slice(0, 3)
    .map((line) => splitSample(layout, line));
}

function shorten(value: string, most: number): string {
  return value.length > most ? `${value.slice(0, most - 1)}…` : value;
}
