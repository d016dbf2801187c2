import { expect } from 'vitest';
import { childrenOf } from '../fuzz/watched-memory.ts';
import { type ProgramEnd, type ProgramOptions, runProgram, startProgram } from './program.ts';

/**
 * Kills a run of the program at a moment.
 * @param options.withEngine kills the process of the engine too, before it can notice
 * @returns whether it was killed; false when it finished before
 */
export async function killAt(
  moment: Promise<void>,
  command: readonly string[],
  { withEngine = false, ...options }: ProgramOptions & { readonly withEngine?: boolean } = {},
): Promise<boolean> {
  const program = startProgram(command, options);
  await Promise.race([moment, program.ended]);
  const engines = withEngine ? childrenOf(program.pid) : [];
  program.kill('SIGKILL');
  for (const pid of engines) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  }
  const { code, stderr } = await program.ended;
  if (code !== null) expect({ code, stderr }, stderr).toMatchObject({ code: 0 });
  return code === null;
}

export async function expectFine(command: readonly string[], options: ProgramOptions = {}): Promise<ProgramEnd> {
  const end = await runProgram(command, options);
  expect(end, end.stderr).toMatchObject({ code: 0 });
  return end;
}
