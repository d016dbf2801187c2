import { type Command, exitCodes, isSet } from './command.ts';
import { print } from './print.ts';
import { programVersion } from './program-version.ts';

export const versionCommand: Command = {
  usage: 'tailrace version [--json]',
  options: { json: { type: 'boolean' } },
  help: 'Options:\n  --json           print one object',
  async run(args) {
    const version = {
      tailrace: await programVersion(),
      node: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
    };
    const text = isSet(args, 'json')
      ? JSON.stringify(version)
      : `tailrace ${version.tailrace} (Node ${version.node}, ${version.platform})`;
    print(text);
    return exitCodes.fine;
  },
};
