import { type ReplayCounts, type ReplaySelection, replayShipments } from '../ledger/replay-shipments.ts';
import { nearestName } from '../text/nearest-name.ts';
import { type Arguments, exitCodes, isSet, UsageError } from './command.ts';
import { configuredStore, serverOf, tellOfStore } from './configured-store.ts';
import { openToStore } from './open-checked.ts';
import { print } from './print.ts';
import { errorMessage, type ServerAddress } from './running-server.ts';
import { readTimeRange } from './time-range.ts';

/** Has what a destination of the configuration refused delivered again. @returns the exit code */
export async function replayDestination(args: Arguments, destination: string): Promise<number> {
  const configured = await configuredStore(args);
  const names = configured.loaded.config.destinations.map(({ name }) => name);
  if (!names.includes(destination)) {
    const near = nearestName(destination, names) ?? names.join(', ');
    throw new UsageError(
      `the configuration has no destination "${destination}"${near === '' ? '; name it with --config' : `; did you mean ${near}?`}`,
    );
  }
  tellOfStore(args, configured);
  const dryRun = isSet(args, 'dry-run');
  const selection = { destination, ...readTimeRange(args) };
  const server = await serverOf(configured);
  const counts = server ? await askServer(server, selection, dryRun) : await askStore(configured, selection, dryRun);
  const when = server ? 'the running server delivers them again, within a minute' : whenElse;
  if (isSet(args, 'json')) print(JSON.stringify(counts));
  else print(describe(counts), ...(dryRun || counts.batches === 0 ? [] : [when]));
  return exitCodes.fine;
}

const whenElse = 'they are delivered again by a "tailrace up" that runs elsewhere, or as soon as one is started';

async function askServer(server: ServerAddress, selection: ReplaySelection, dryRun: boolean): Promise<ReplayCounts> {
  const answer = await fetch(`${server.url}/api/replay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${server.ownToken}` },
    body: JSON.stringify({ ...selection, dryRun }),
  });
  if (!answer.ok) throw new Error(await errorMessage(answer));
  return (await answer.json()) as ReplayCounts;
}

async function askStore(
  { location, options }: Awaited<ReturnType<typeof configuredStore>>,
  selection: ReplaySelection,
  dryRun: boolean,
): Promise<ReplayCounts> {
  const { engine, close } = await openToStore(location, options);
  try {
    return await replayShipments(engine, selection, { dryRun });
  } finally {
    await close();
  }
}

function describe({ batches, dead, refused, rows }: ReplayCounts): string {
  if (batches === 0) return 'the destination has taken everything that was delivered to it';
  const count = (value: number) => value.toLocaleString('en');
  const given = dead === 0 ? '' : `, ${count(dead)} of them given up`;
  return `${count(batches)} ${batches === 1 ? 'batch' : 'batches'}${given}: ${count(refused)} rows refused, ${count(rows)} rows in all`;
}
