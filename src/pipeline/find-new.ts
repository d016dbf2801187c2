import type { Engine } from '../engine/engine.ts';
import { type InspectedFile, readPrefix, versionOfPrefix } from '../framing/files/inspect-file.ts';
import { lookAtFile } from '../framing/files/odd-lines.ts';
import { isReadable } from '../framing/lines/unpacking.ts';
import { holdsManyEvents, isColumnLayout } from '../layouts/batch-layout.ts';
import type { InspectedInput } from '../layouts/inspect-input.ts';
import { groupBy } from '../ledger/group-by.ts';
import type { ObjectIdentity } from '../ledger/in-flight.ts';
import { type StoredVersion, storedVersions } from '../ledger/stored-versions.ts';
import type { FileInput } from './file-input.ts';

/** Files by what the ledger says of them. */
export interface FoundNew {
  /** To be stored: new files, and the new lines of files that grew. */
  readonly inputs: readonly FileInput[];
  /** Stored already. */
  readonly known: readonly InspectedFile[];
  readonly failed: readonly { readonly path: string; readonly problem: string }[];
}

/** Compares files with the ledger. */
export async function findNew(
  engine: Engine,
  inspected: readonly (InspectedInput & ObjectIdentity)[],
): Promise<FoundNew> {
  const stored = await storedVersions(
    engine,
    inspected.map(({ origin }) => origin),
  );
  const byOrigin = groupBy(stored, ({ origin }) => origin);
  const inputs: FileInput[] = [];
  const known: InspectedFile[] = [];
  const failed: { path: string; problem: string }[] = [];
  for (const { file, origin, version, layout, isUnusual } of inspected) {
    const versions = byOrigin.get(origin) ?? [];
    if (versions.some((stored) => stored.version === version)) {
      known.push(file);
      continue;
    }
    const grownFrom = versions.find(
      ({ bytes, version }) => bytes < file.bytes && versionOfPrefix(file.path, bytes) === version,
    );
    // Its line numbers count events, so the first new line is unknown.
    if (grownFrom && holdsManyEvents(layout)) {
      failed.push({ path: file.path, problem: 'it grew since it was stored; store what is new as a file of its own' });
      continue;
    }
    const grown = grownFrom ? goOn(file, grownFrom) : { file, fromLine: 0 };
    // The appended lines belong to the last header of the file, which need not be its first.
    const isSegmented = grown.fromLine > 0 && isColumnLayout(layout) && layout.framing.kind === 'delimited';
    inputs.push({ ...grown, origin, version, layout, isSegmented, odd: await lookAtFile(grown.file, isUnusual) });
  }
  return { inputs, known, failed };
}

/** A file that grew, read as before, from its first new line on. */
function goOn({ unpacking: _, ...file }: InspectedFile, { bytes, untilLine }: StoredVersion) {
  const { unpacking, endsMidLine } = readPrefix(file.path, bytes);
  // A partial last line was stored as a line of its own; now that it is complete, it is read again as a whole.
  const fromLine = file.content === 'plain' && endsMidLine ? untilLine - 1 : untilLine;
  return { file: isReadable(unpacking) ? file : { ...file, unpacking }, fromLine };
}
