import { describeLayout } from '../layouts/layout.ts';
import { inspectInput, sampleLines } from '../pipeline/inspect-input.ts';
import { inspectFile } from '../sources/files/inspect-file.ts';
import { type Command, exitCodes, isSet, UsageError } from './command.ts';
import { layoutHelp, layoutOptions, readLayoutHints } from './layout-options.ts';

export const detectCommand: Command = {
  name: 'detect',
  summary: 'Tell format and columns of a log file',
  usage: 'tailrace detect [--format NAME] PATH',
  options: { ...layoutOptions, json: { type: 'boolean' } },
  help: `Prints the format, how sure that is, the columns, and sample rows by column. Nothing is stored.

Options:
${layoutHelp}
  --json           print one object`,
  async run(args) {
    const [path, ...more] = args.positionals;
    if (path === undefined || more.length > 0) throw new UsageError('detect wants one PATH');
    const { file, layout, confidence, doubts } = await inspectInput(path, await readLayoutHints(args), 0).catch(
      (cause: Error) => {
        throw new Error(`cannot detect the format of "${path}": ${cause.message}`, { cause });
      },
    );
    const { framing } = layout;
    const { sample, complete } = inspectFile(path);
    const data = sampleLines(sample, complete).filter((line) => line !== '' && !line.startsWith('#'));
    const rows =
      framing.kind === 'delimited'
        ? data
            .filter((line) => line !== framing.header)
            .slice(0, 3)
            .map((line) => line.split(framing.delimiter))
        : [];
    if (isSet(args, 'json')) {
      const { columns, namedBy } = layout;
      const described = {
        path,
        format: layout.format.name,
        framing,
        content: file.content,
        namedBy,
        confidence,
        doubts,
        columns,
        rows,
      };
      process.stdout.write(`${JSON.stringify(described)}\n`);
      return exitCodes.fine;
    }
    process.stdout.write(
      `${layout.format.title}\n${describeLayout(layout)}; ${Math.round(confidence * 100)} % sure\n\n`,
    );
    const width = Math.max(...layout.columns.map((name) => name.length));
    for (const [index, name] of layout.columns.entries()) {
      const values = rows.map((row) => shorten(row[index] ?? '')).join('   ');
      process.stdout.write(`${String(index + 1).padStart(3)}  ${name.padEnd(width)}  ${values}\n`);
    }
    for (const doubt of doubts) process.stdout.write(`\nnot sure: ${doubt}\n`);
    return exitCodes.fine;
  },
};

function shorten(value: string): string {
  return value.length > 40 ? `${value.slice(0, 39)}…` : value;
}
