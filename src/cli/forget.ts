import { createHmac, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { claimInput } from '../ledger/claim-input.ts';
import { countViewer, type Forgotten, forgetViewer } from '../ledger/forget-viewer.ts';
import { type Viewer, viewerParams } from '../ledger/viewer-conditions.ts';
import { type Command, exitCodes, isSet, textOption, UsageError } from './command.ts';
import {
  type ConfiguredStore,
  configuredStore,
  serverOf,
  storeHelp,
  storeOptions,
  tellOfStore,
} from './configured-store.ts';
import { openToStore } from './open-checked.ts';
import { print } from './print.ts';
import { requireStore } from './require-store.ts';
import { readTime } from './time-range.ts';

/** Names the key of the records, in hexadecimal. */
const keyVariable = 'TAILRACE_FORGET_KEY';

export const forgetCommand: Command = {
  usage:
    'tailrace forget --client-ip ADDRESS|NETWORK [--before TIME] [--store DIR | --config FILE] [--dry-run] [--json]',
  options: {
    ...storeOptions,
    'client-ip': { type: 'string' },
    before: { type: 'string' },
    'dry-run': { type: 'boolean' },
    json: { type: 'boolean' },
  },
  help: `Deletes a viewer from the store: requests by client_ip and forwarded_for, log lines and rejected lines that mention the address,
and the sums that name it. The table forgets records when, by whom and how many rows, with a keyed hash instead of the address.
No other process may have an embedded store open meanwhile. It may be repeated; after a kill "up", "retain" or this command goes on.
Tells where the viewer may still be.

Options:
${storeHelp}
  --client-ip A    an address, or a network such as 203.0.113.0/24
  --before TIME    only events before it, e.g. 2026-11-01
  --dry-run        only count
  --json           print one object

${keyVariable} is the key of the hashes, in hexadecimal; default the file forget.key in the directory of the store.`,
  async run(args) {
    if (args.positionals.length > 0) throw new UsageError(`forget takes no words; found "${args.positionals[0]}"`);
    const address = textOption(args, 'client-ip');
    if (address === undefined) throw new UsageError('forget wants --client-ip ADDRESS');
    const beforeMs = readTime(args, 'before');
    const viewer: Viewer = { address, ...(beforeMs === undefined ? {} : { beforeMs }) };
    viewerParams(viewer);
    const configured = await configuredStore(args);
    tellOfStore(args, configured);
    if (await serverOf(configured)) {
      throw new Error(
        `cannot forget in "${configured.name}": a running server has it open; stop it, and start it again afterwards`,
      );
    }
    await requireStore(configured.location);
    const isDry = isSet(args, 'dry-run');
    const found = await work(configured, viewer, isDry);
    const elsewhere = otherPlaces(configured, viewer);
    if (isSet(args, 'json')) print(JSON.stringify({ [isDry ? 'found' : 'forgotten']: found, elsewhere }));
    else print(...describe(found, isDry), 'The viewer may still be in:', ...elsewhere.map((place) => `  ${place}`));
    return exitCodes.fine;
  },
};

async function work(configured: ConfiguredStore, viewer: Viewer, isDry: boolean): Promise<Forgotten> {
  const { location, options } = configured;
  const key = isDry ? undefined : await readKey(location);
  const { engine, worker, close } = await openToStore(location, { ...options, task: 'deletion' });
  try {
    if (key === undefined) return await countViewer(engine, viewer);
    // The same claim as that of retention: both change whole parts.
    const claim = await claimInput({ engine, worker, pipeline: 'forget' }, 'retention');
    try {
      return await forgetViewer(engine, viewer, {
        subject: createHmac('sha256', key).update(viewer.address.toLowerCase()).digest('hex'),
        by: `${userInfo().username}@${hostname()}`,
        rule: `client_ip${viewer.address.includes('/') ? ' in a network' : ''}${viewer.beforeMs === undefined ? '' : ` before ${new Date(viewer.beforeMs).toISOString()}`}`,
      });
    } finally {
      await claim.release();
    }
  } finally {
    await close();
  }
}

/** Not in the store: everyone who reads it could try all addresses. */
async function readKey(location: ConfiguredStore['location']): Promise<Buffer> {
  const given = process.env[keyVariable];
  if (given) {
    if (/^([0-9a-f]{2}){16,64}$/i.test(given)) return Buffer.from(given, 'hex');
    throw new Error(
      `cannot use ${keyVariable}: it is not 16 to 64 bytes in hexadecimal; make one with "openssl rand -hex 32"`,
    );
  }
  if (!('directory' in location)) {
    throw new Error(
      `cannot record a forget: there is no key; set ${keyVariable}, for example to what "openssl rand -hex 32" prints`,
    );
  }
  const path = join(location.directory, 'forget.key');
  await writeFile(path, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' }).catch(
    (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EEXIST') throw cause;
    },
  );
  return Buffer.from((await readFile(path, 'utf8')).trim(), 'hex');
}

function describe({ requests, logs, rejects, rollups }: Forgotten, isDry: boolean): string[] {
  const count = (value: number, unit: string) => `${value.toLocaleString('en')} ${unit}`;
  const what = [count(requests, 'requests'), count(logs, 'log lines'), count(rejects, 'rejected lines')].join(', ');
  return [`${isDry ? 'found' : 'forgotten'}: ${what}, ${count(rollups, 'sums that name the viewer')}`];
}

/** Fields of documents, by naming. */
const searchFields = { native: 'client_ip', ecs: 'source.ip', cloudfront: 'c-ip' } as const;

function otherPlaces({ loaded, name }: ConfiguredStore, { address }: Viewer): string[] {
  const places = loaded.config.destinations.map((destination) => {
    const { name: called, type } = destination;
    if (destination.type === 'opensearch') {
      const query = { query: { term: { [searchFields[destination.fields]]: address } } };
      return `${called} (${type}): POST ${destination.url}/${destination.index}*/_delete_by_query ${JSON.stringify(query)}`;
    }
    return `${called} (${type}): what was delivered; look for client_ip = '${address}', in JSON lines with: zcat FILES | grep -F '${address}'`;
  });
  const { lake } = loaded.config;
  return [
    ...places,
    ...(lake
      ? ['the lake: its hours are written again without the viewer, those not from which retention has deleted']
      : []),
    'the sources: a file or object that is stored again under another name or with other content brings the viewer back; the same one does not',
    `backups and snapshots of "${name}", and logs of a ClickHouse server such as system.query_log`,
  ];
}
