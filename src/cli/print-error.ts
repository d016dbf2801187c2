import { ConfigError } from '../config/config-error.ts';
import { exitCodes, UsageError } from './command.ts';
import { tell } from './print.ts';

/** Prints an error on standard error and returns the exit code. */
export function printError(error: unknown): number {
  if (error instanceof UsageError) {
    tell(`tailrace: ${error.message}`);
    tell('Run "tailrace --help" for the commands.');
    return exitCodes.usage;
  }
  if (error instanceof ConfigError) {
    for (const line of error.render().split('\n')) tell(line);
    return exitCodes.failed;
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  tell(`tailrace: ${process.env.TAILRACE_DEBUG ? (stack ?? message) : message}`);
  return exitCodes.failed;
}
