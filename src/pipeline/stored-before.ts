import type { Engine } from '../engine/engine.ts';
import { type InspectedFile, readPrefix, versionOfPrefix } from '../framing/files/inspect-file.ts';
import { isReadable } from '../framing/lines/unpacking.ts';
import { holdsManyEvents, isColumnLayout } from '../layouts/batch-layout.ts';
import { groupBy } from '../ledger/group-by.ts';
import { identityOf } from '../ledger/in-flight.ts';
import {
  knownVersions,
  mayHaveStored,
  type StoredVersion,
  spansOf,
  storedVersions,
} from '../ledger/stored-versions.ts';
import { seenMark } from '../sources/files/file-generation.ts';
import { type Followed, findFollowed } from '../sources/files/followed-before.ts';
import { unrotatedName, withoutGzip } from '../sources/files/rotated-name.ts';
import { RefusedFileError } from '../sources/source.ts';
import type { TakenDelivery, TakenFile } from './take-delivery.ts';

/** What the ledger has of deliveries. */
export interface StoredBefore {
  /** Identities of those that are stored already. */
  readonly known: ReadonlySet<string>;
  /** By origin, earlier versions of the user's files that are not stored as they are now. */
  readonly earlier: ReadonlyMap<string, readonly StoredVersion[]>;
  /** By identity, why files of the user are refused that a pipeline follows and has stored in part. */
  readonly followed: ReadonlyMap<string, string>;
}

/** From so many on, it pays to ask first whether the ledger has any that could be among them. */
const manyFiles = 100;

export async function findStoredBefore(engine: Engine, deliveries: readonly TakenDelivery[]): Promise<StoredBefore> {
  const asNamed = deliveries.flatMap(({ origin }) => [origin, withoutGzip(origin)]);
  const areNew = deliveries.length >= manyFiles && !(await mayHaveStored(engine, asNamed));
  const known = new Set(areNew ? [] : await knownVersions(engine, deliveries));
  const named = deliveries.filter((one) => one.content.kind === 'user-file' && !known.has(identityOf(one)));
  const origins = named.map(({ origin }) => origin);
  const isAsked = !areNew && origins.length > 0;
  const earlier = groupBy(isAsked ? await storedVersions(engine, origins) : [], ({ origin }) => origin);
  const followed = new Map<string, string>();
  const names = new Set(named.flatMap(namesOf));
  // What was followed by these would have been found; names before a rotation are left, mostly the same one.
  if (areNew) for (const name of asNamed) names.delete(name);
  for (const [delivery, found] of await findAllFollowed(engine, { deliveries: named, names }, earlier)) {
    if (found.kind === 'whole') known.add(identityOf(delivery));
    else followed.set(identityOf(delivery), explainPart(found));
  }
  return { known, earlier, followed };
}

/** What pipelines that follow files stored of those that a user names, whatever they are called after a rotation. */
async function findAllFollowed(
  engine: Engine,
  { deliveries, names }: { readonly deliveries: readonly TakenDelivery[]; readonly names: ReadonlySet<string> },
  earlier: StoredBefore['earlier'],
): Promise<ReadonlyMap<TakenDelivery, Followed>> {
  const all = new Map<TakenDelivery, Followed>();
  if (names.size === 0) return all;
  const spans = await spansOf(engine, [...names], seenMark);
  for (const delivery of spans.size > 0 ? deliveries : []) {
    const { origin, file } = delivery;
    const own = namesOf(delivery).flatMap((name) => spans.get(name) ?? []);
    if (!file || own.length === 0) continue;
    const found = await findFollowed(file.file.path, own, earlier.get(origin) ?? []).catch(unlessGone);
    if (found) all.set(delivery, found);
  }
  return all;
}

/** A file's name, and that before a rotation. */
function namesOf({ origin }: TakenDelivery): string[] {
  return [...new Set([origin, unrotatedName(origin)])];
}

/** A file that is gone is refused when it is read. */
function unlessGone(cause: NodeJS.ErrnoException): undefined {
  if (cause.code !== 'ENOENT') throw cause;
}

function explainPart({ from, until }: Extract<Followed, { kind: 'part' }>): string {
  const stored =
    from === until ? `will store what follows byte ${until}` : `has stored its bytes from ${from} to ${until}`;
  return `a pipeline follows it and ${stored}; leave it to the pipeline, and store a copy of other bytes if some are missing`;
}

/**
 * The part of a delivery that is not stored yet: for a file that grew, its new lines.
 * @throws RefusedFileError where the first new line cannot be found, or a pipeline follows the file;
 *   NodeJS.ErrnoException
 */
export function partToStore(delivery: TakenDelivery, { earlier, followed }: StoredBefore): TakenDelivery {
  const { file, origin } = delivery;
  const problem = followed.get(identityOf(delivery));
  if (problem !== undefined) throw new RefusedFileError(problem);
  const grownFrom = file && earlier.get(origin)?.find((version) => hasGrownFrom(file.file, version));
  if (!grownFrom) return delivery;
  // Its line numbers count events, so the first new line is unknown.
  if (holdsManyEvents(file.layout)) {
    throw new RefusedFileError('it grew since it was stored; store what is new as a file of its own');
  }
  const part = continued(file.file, grownFrom);
  // The appended lines belong to the last header of the file, which need not be its first.
  const isSegmented = part.fromLine > 0 && isColumnLayout(file.layout) && file.layout.framing.kind === 'delimited';
  return { ...delivery, file: { ...file, ...part, isSegmented } };
}

function hasGrownFrom(file: InspectedFile, { bytes, version }: StoredVersion): boolean {
  return bytes < file.bytes && versionOfPrefix(file.path, bytes) === version;
}

/** A file that grew, read as before, from its first new line on. */
function continued(
  { unpacking: _, ...file }: InspectedFile,
  { bytes, untilLine }: StoredVersion,
): Pick<TakenFile, 'file' | 'fromLine'> {
  const { unpacking, endsMidLine } = readPrefix(file.path, bytes);
  // A partial last line was stored as a line of its own; now that it is complete, it is read again as a whole.
  const fromLine = file.content === 'plain' && endsMidLine ? untilLine - 1 : untilLine;
  return { file: isReadable(unpacking) ? file : { ...file, unpacking }, fromLine };
}
