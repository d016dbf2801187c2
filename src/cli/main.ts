import { parseArgs } from 'node:util';
import { nearestName } from '../text/nearest-name.ts';
import { type Command, exitCodes, UsageError } from './command.ts';
import { commands } from './commands.ts';
import { print } from './print.ts';
import { printError } from './print-error.ts';
import { keepFilesPrivate } from './private-files.ts';

const widest = Math.max(...commands.map(({ name }) => name.length));
const overview = () => `tailrace — CloudFront and load-balancer logs from arrival to answer

Usage: tailrace <command> [options]

Commands:
${commands.map(({ name, summary }) => `  ${name.padEnd(widest)} ${summary}`).join('\n')}

tailrace <command> --help lists the options of a command.
Exit codes: 0 success, 1 failure, 2 usage error.`;

async function main(words: readonly string[]): Promise<number> {
  const [name, ...rest] = words;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    print(...overview().split('\n'));
    return name === undefined ? exitCodes.usage : exitCodes.fine;
  }
  const wanted = name === '--version' || name === '-v' ? 'version' : name;
  const listed = commands.find((candidate) => candidate.name === wanted);
  if (!listed) {
    const nearest = nearestName(
      name,
      commands.map((candidate) => candidate.name),
    );
    throw new UsageError(`there is no command "${name}"${nearest ? `; did you mean "${nearest}"?` : ''}`);
  }
  // Together with the command's modules; not for one that only prints its usage.
  if (listed.opensStore && rest.length > 0 && !rest.includes('--help') && !rest.includes('-h')) {
    (await import('../engine/embedded/early-process.ts')).startEarly();
  }
  return runCommand(await listed.load(), listed.summary, rest);
}

async function runCommand(command: Command, summary: string, words: readonly string[]): Promise<number> {
  const options = { ...command.options, help: { type: 'boolean', short: 'h' } } as const;
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
  } catch (cause) {
    throw new UsageError(explainOptions(command, cause as Error), { cause });
  }
  if (parsed.values.help) {
    print(`Usage: ${command.usage}`, '', summary, '', ...command.help.split('\n'));
    return exitCodes.fine;
  }
  return command.run(parsed);
}

/** Suggests the nearest known option, if any. */
function explainOptions({ options }: Command, { message }: Error): string {
  const [, unknown] = /^Unknown option '--([^']+)'/.exec(message) ?? [];
  if (unknown === undefined) return message.split('. ')[0]?.replace(/^./, (first) => first.toLowerCase()) ?? message;
  const nearest = nearestName(unknown, Object.keys(options));
  return `there is no option --${unknown}${nearest ? `; did you mean --${nearest}?` : ''}`;
}

// A reader that leaves early (`tailrace query … | head`) is not a failure; commands that print much check for it. The
// program must not exit at once, since the engine does not survive that.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

keepFilesPrivate();
process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => printError(error));
