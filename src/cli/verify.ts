import type { Engine } from '../engine/engine.ts';
import type { LedgerEntry } from '../ledger/verify/batch-entries.ts';
import { describeRepair, type Repair } from '../ledger/verify/repair.ts';
import { repairStore } from '../ledger/verify/repair-store.ts';
import { isSound, type Verification, verifyStore } from '../ledger/verify/verify-store.ts';
import { openStore } from '../store/open-store.ts';
import { type Command, exitCodes, isSet, UsageError } from './command.ts';
import { configuredStore, storeHelp, storeOptions, tellOfStore } from './configured-store.ts';
import { print } from './print.ts';
import { tellOfEngine } from './store-option.ts';
import { againCommands } from './verify/again-commands.ts';
import { describeVerification } from './verify/describe-verification.ts';

export const verifyCommand: Command = {
  usage: 'tailrace verify [--store DIR | --config FILE] [--repair] [--json]',
  options: { ...storeOptions, repair: { type: 'boolean' }, json: { type: 'boolean' } },
  help: `Reads every file of every table, and compares the tables with the ledger batch by batch. No other process may have
the store open meanwhile. Exits with 1 when there is a problem.

Options:
${storeHelp}
  --repair         brings back what can be read; takes back whole batches of files and S3 objects that can be read again,
                   and says how to store them; writes down what is lost
  --json           print one object`,
  async run(args) {
    if (args.positionals.length > 0) {
      throw new UsageError(`verify takes no words, only options; found "${args.positionals[0]}"`);
    }
    const configured = await configuredStore(args);
    tellOfStore(args, configured);
    const { location, name, options } = configured;
    const store = await openStore(location, { ...options, onEngineEvent: tellOfEngine });
    try {
      const found = await verifyStore(store.engine);
      const repaired = isSet(args, 'repair') && !isSound(found) ? await repair(store.engine, found) : undefined;
      print(...(isSet(args, 'json') ? [toJson(name, found, repaired)] : toLines(name, found, repaired)));
      return isSound(repaired?.after ?? found) ? exitCodes.fine : exitCodes.failed;
    } finally {
      await store.close();
    }
  },
};

const maxCommands = 20;

interface Repaired {
  readonly done: Repair;
  readonly after: Verification;
}

async function repair(engine: Engine, found: Verification): Promise<Repaired> {
  const done = await repairStore(engine, found);
  return { done, after: await verifyStore(engine) };
}

function toLines(name: string, found: Verification, repaired: Repaired | undefined): string[] {
  const lines = describeVerification(name, found);
  if (repaired === undefined) {
    if (!isSound(found))
      lines.push('', 'tailrace verify --repair repairs what can be repaired, and says what is lost.');
    return lines;
  }
  lines.push('', `repaired: ${describeRepair(repaired.done)}`);
  const again = againCommands(repaired.done.takenBack);
  lines.push(...again.slice(0, maxCommands).map((command) => `store them again: ${command}`));
  if (again.length > maxCommands) lines.push('… and more; they are in the table events, as object_taken_back');
  lines.push('', ...describeVerification(name, repaired.after));
  return lines;
}

function toJson(store: string, found: Verification, repaired: Repaired | undefined): string {
  return JSON.stringify({
    store,
    fine: isSound(repaired?.after ?? found),
    ...plain(found),
    ...(repaired
      ? {
          repair: {
            ...repaired.done,
            lost: Object.fromEntries(repaired.done.lost),
            surplus: Object.fromEntries(repaired.done.surplus),
            takenBack: repaired.done.takenBack.map(({ origin, version }: LedgerEntry) => ({ origin, version })),
            again: againCommands(repaired.done.takenBack),
            after: plain(repaired.after),
          },
        }
      : {}),
  });
}

function plain({ ledgerLoss, ...rest }: Verification) {
  return { ...rest, ledgerLoss: ledgerLoss ?? null };
}
