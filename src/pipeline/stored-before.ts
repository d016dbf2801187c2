import type { Engine } from '../engine/engine.ts';
import { type InspectedFile, readPrefix, versionOfPrefix } from '../framing/files/inspect-file.ts';
import { isReadable } from '../framing/lines/unpacking.ts';
import { holdsManyEvents, isColumnLayout } from '../layouts/batch-layout.ts';
import { groupBy } from '../ledger/group-by.ts';
import { identityOf } from '../ledger/in-flight.ts';
import { knownVersions, type StoredVersion, storedVersions } from '../ledger/stored-versions.ts';
import { RefusedFileError } from '../sources/source.ts';
import type { TakenDelivery, TakenFile } from './take-delivery.ts';

/** What the ledger has of deliveries. */
export interface StoredBefore {
  /** Identities of those that are stored already. */
  readonly known: ReadonlySet<string>;
  /** By origin, earlier versions of the user's files that are not stored as they are now. */
  readonly earlier: ReadonlyMap<string, readonly StoredVersion[]>;
}

export async function findStoredBefore(engine: Engine, deliveries: readonly TakenDelivery[]): Promise<StoredBefore> {
  const known = await knownVersions(engine, deliveries);
  const mayHaveGrown = deliveries.filter((one) => one.content.kind === 'user-file' && !known.has(identityOf(one)));
  const origins = mayHaveGrown.map(({ origin }) => origin);
  const earlier = origins.length > 0 ? await storedVersions(engine, origins) : [];
  return { known, earlier: groupBy(earlier, ({ origin }) => origin) };
}

/**
 * The part of a delivery that is not stored yet: for a file that grew, its new lines.
 * @throws RefusedFileError where the first new line cannot be found; NodeJS.ErrnoException
 */
export function partToStore(delivery: TakenDelivery, { earlier }: StoredBefore): TakenDelivery {
  const { file, origin } = delivery;
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
