import type { Deleted } from '../ledger/delete-expired.ts';
import type { RetentionPlan } from '../ledger/expiring-rows.ts';
import type { RetentionStatus } from '../ledger/retention-status.ts';
import type { Waiter } from '../ledger/undelivered-spans.ts';
import { type Arguments, type Command, exitCodes, isSet, UsageError } from './command.ts';
import {
  type ConfiguredStore,
  configuredStore,
  serverOf,
  storeHelp,
  storeOptions,
  tellOfStore,
} from './configured-store.ts';
import { openToStore } from './open-checked.ts';
import { print, tell } from './print.ts';
import { printBytes } from './quantity-text.ts';
import { requireStore } from './require-store.ts';
import { RetentionKeeper } from './retention-keeper.ts';
import { errorMessage, proofOf, type ServerAddress } from './running-server.ts';

export const retainCommand: Command = {
  usage: `tailrace retain [--store DIR | --config FILE] [--dry-run] [--json]
       tailrace retain opensearch [NAME] [--days N] [--indices N] [--dry-run | --policy ism|ilm]`,
  options: {
    ...storeOptions,
    'dry-run': { type: 'boolean' },
    json: { type: 'boolean' },
    days: { type: 'string' },
    indices: { type: 'string' },
    policy: { type: 'string' },
  },
  help: `Deletes from the store what "retention" of the configuration does not keep, and what it recorded of it: the table deletions.
"tailrace up" does it each minute by itself; if one runs, what it does next is told.

With the word opensearch, deletes indexes of the destination NAME whose name is its index continued by a time of its rotation, and
no others. "tailrace up" does it each hour for destinations with "keep".

Options:
${storeHelp}
  --dry-run        only tell what would be deleted, and what is kept for a destination
  --days N         keep indexes of so many days, instead of "keep" of the destination
  --indices N      keep so many indexes, the newest
  --policy ism|ilm print requests that have the cluster delete them itself: ism of OpenSearch, ilm of Elasticsearch
  --json           print one object`,
  async run(args) {
    const [word, name, ...others] = args.positionals;
    if (word === undefined) return retainStore(args);
    if (word !== 'opensearch' || others.length > 0) {
      throw new UsageError(`retain takes no words but opensearch and a NAME; found "${args.positionals.join(' ')}"`);
    }
    const { retainSearch } = await import('./retain-search.ts');
    return retainSearch(args, name);
  },
};

async function retainStore(args: Arguments): Promise<number> {
  const configured = await configuredStore(args);
  tellOfStore(args, configured);
  const server = await serverOf(configured);
  const isDry = isSet(args, 'dry-run');
  if (server && !isDry) tell('tailrace: the running server deletes each minute; this is what it does next');
  const { plan, deleted } = server ? await askServer(server) : await work(configured, isDry);
  if (isSet(args, 'json')) print(JSON.stringify({ deleted, ...plan }));
  else print(...(server || isDry ? describePlan(plan) : [...deleted.map(describeDeleted), ...describePlan(plan)]));
  return exitCodes.fine;
}

async function work({ location, options, loaded }: ConfiguredStore, isDry: boolean): Promise<RetentionStatus> {
  await requireStore(location);
  const { engine, worker, close } = await openToStore(location, { ...options, task: 'deletion' });
  const { retention, destinations, lake } = loaded.config;
  const waiters: Waiter[] = destinations.map(({ name, pipelines }) => ({ destination: name, pipelines }));
  if (lake) waiters.push((await import('../lake/lake-waiter.ts')).lakeWaiter(lake));
  const isAlone = engine.kind === 'embedded';
  try {
    const keeper = new RetentionKeeper({ engine, worker, retention, waiters, isAlone });
    const deleted = isDry ? [] : await keeper.look();
    return { deleted, plan: await keeper.plan() };
  } finally {
    await close();
  }
}

async function askServer(server: ServerAddress): Promise<RetentionStatus> {
  const answer = await fetch(`${server.url}/api/retention`, { headers: proofOf(server) });
  if (!answer.ok) throw new Error(await errorMessage(answer));
  const status = (await answer.json()) as RetentionStatus | null;
  if (!status) throw new Error('cannot tell what retention does: the server has not looked yet; ask again in a minute');
  return status;
}

function describeDeleted({ table, rows, bytes }: Deleted): string {
  return `${table}: ${count(rows)} rows deleted, ${printBytes(bytes)}`;
}

function describePlan({ tables, expiring }: RetentionPlan): string[] {
  const lines = expiring.map(
    ({ table, partition, parts, rows, bytes, oldestMs, newestMs, beforeMs, isWhole, rule, isHeld, missingAt }) => {
      const what = isWhole
        ? `${count(rows)} rows, ${printBytes(bytes)} in ${parts} ${parts === 1 ? 'part' : 'parts'}`
        : `rows before ${printTime(beforeMs)} of ${count(rows)}`;
      const end = isHeld
        ? `kept, at most 7 days longer: ${missingAt.join(', ')} has not received all of it`
        : `to be deleted by ${rule}${missingAt.length > 0 ? `, although ${missingAt.join(', ')} has not received all of it` : ''}`;
      return `${table} ${partition}: ${what}, ${printTime(oldestMs)} to ${printTime(newestMs)}; ${end}`;
    },
  );
  const left = tables.map(({ table, rows, bytes }) => {
    const gone = expiring.filter((entry) => entry.table === table && !entry.isHeld && entry.isWhole);
    const sum = (key: 'rows' | 'bytes') => gone.reduce((total, entry) => total + entry[key], 0);
    return `${table}: ${count(rows - sum('rows'))} rows stay, ${printBytes(bytes - sum('bytes'))}`;
  });
  return [...(lines.length > 0 ? lines : ['nothing is due']), ...left];
}

function count(value: number): string {
  return value.toLocaleString('en');
}

/** `2026-03-01 10:00` in UTC. */
function printTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}
