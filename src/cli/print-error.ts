import { ConfigError } from '../config/config-error.ts';
import { exitCodes, UsageError } from './command.ts';

/** Prints an error for people on standard error and returns the exit code. */
export function printError(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`tailrace: ${error.message}\nRun "tailrace --help" for the commands.\n`);
    return exitCodes.usage;
  }
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.render()}\n`);
    return exitCodes.failed;
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(`tailrace: ${process.env.TAILRACE_DEBUG ? (stack ?? message) : message}\n`);
  return exitCodes.failed;
}
