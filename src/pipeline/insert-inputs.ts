import type { Statement } from '../engine/engine.ts';
import { EngineError } from '../engine/engine-error.ts';
import { readObjectName, readObjectPlace } from '../formats/object-name.ts';
import {
  type BatchLayout,
  batchLayoutId,
  compileBatchInsert,
  isColumnLayout,
  isRefused,
} from '../layouts/batch-layout.ts';
import { compileProbe } from '../layouts/compile-insert.ts';
import { openedLines } from '../layouts/opening/opened-lines.ts';
import type { OpeningStep } from '../layouts/opening/opening-step.ts';
import { mayStore } from '../ledger/forbid-batches.ts';
import { groupBy } from '../ledger/group-by.ts';
import type { BatchContext } from './batch-context.ts';
import { hasBoundedLines } from './bounded-lines.ts';
import { engineInput } from './engine-input.ts';
import { type FileInput, filenameOf, readFileOf } from './file-input.ts';
import { findSegments } from './find-segments.ts';
import { indexSettings, insertSettings, memoryLimit, planningSettings } from './insert-settings.ts';

/** One INSERT of a batch: files that are read by the same SQL, or part of one file. */
interface Insert {
  readonly layout: BatchLayout;
  /** 0-based positions of its files in the batch. */
  readonly places: readonly number[];
  readonly window?: { readonly from: number; readonly until: number };
  /** Whether lines that do not fit are left to another INSERT. */
  readonly isAmongOthers?: boolean;
}

/** Inserts the lines of a batch's files, one statement per layout. */
export async function insertInputs(context: BatchContext, batch: string, inputs: readonly FileInput[]): Promise<void> {
  for (const insert of await planInserts(context, batch, inputs)) {
    await runInsert(context, batch, insert, inputs).catch((cause) => {
      throw blameWithinBatch(cause, insert.places);
    });
  }
}

/** The engine numbers the files of one INSERT; the caller knows those of the batch. */
function blameWithinBatch(cause: unknown, places: readonly number[]): unknown {
  if (!(cause instanceof EngineError) || cause.object === undefined) return cause;
  const place = places[cause.object - 1];
  return new EngineError(cause.code, cause.message, {
    cause,
    retryable: cause.retryable,
    ...(place === undefined ? {} : { object: place + 1 }),
  });
}

async function planInserts(context: BatchContext, batch: string, inputs: readonly FileInput[]): Promise<Insert[]> {
  const inserts: Insert[] = [];
  const alone = (input: FileInput) => input.isSegmented || input.fromLine > 0;
  const groups = groupBy(inputs.keys(), (place) => {
    const input = inputs[place] as FileInput;
    return alone(input) ? `${place}` : `${batchLayoutId(input.layout)} ${input.isEnveloped ?? false}`;
  });
  for (const places of groups.values()) {
    const place = places[0] as number;
    const input = inputs[place] as FileInput;
    const { layout, fromLine } = input;
    if (input.isSegmented && isColumnLayout(layout)) {
      const segments = await findSegments(context.engine, { ...input, layout }, { batch, object: place + 1 });
      inserts.push(...segments.map(({ from, until, ...segment }) => ({ ...segment, places, window: { from, until } })));
    } else if (fromLine > 0) {
      inserts.push(...byDestination({ layout, places, window: { from: fromLine, until: Number.MAX_SAFE_INTEGER } }));
    } else {
      inserts.push(...byDestination({ layout, places }));
    }
  }
  return inserts;
}

/** Access log lines among other lines go to a separate table, so the files are read once for each table. */
function byDestination(insert: Insert): Insert[] {
  const requests = 'requests' in insert.layout ? insert.layout.requests : undefined;
  if (!requests) return [insert];
  return [insert, { ...insert, layout: { ...requests, opening: openingOf(insert.layout) }, isAmongOthers: true }];
}

function openingOf(layout: BatchLayout): readonly OpeningStep[] {
  return isRefused(layout) ? [] : (layout.opening ?? []);
}

async function runInsert(
  { engine, refresh, rules }: BatchContext,
  batch: string,
  { layout, places, window, isAmongOthers = false }: Insert,
  inputs: readonly FileInput[],
): Promise<void> {
  const files = places.map((place) => inputs[place] as FileInput);
  const input = engineInput(layout, files);
  const steps = [...(files[0]?.isEnveloped ? ['cloudwatch'] : []), ...openingOf(layout)];
  const opening = steps.length > 0 && !isRefused(layout) ? { steps } : undefined;
  if (isColumnLayout(layout) && !layout.format.event && files.some(({ file }) => file.bytes > probedBytes)) {
    await engine.insertFrom(input, (source) => ({
      ...compileProbe(layout, opening ? openedLines(source, opening) : source, probedLines),
      settings: memoryLimit(engine),
      group: batch,
    }));
    await refresh();
  }
  const origin = {
    batch,
    ...originColumns(inputs),
    isAmongOthers,
    ...(opening ? { opening } : {}),
    ...(window ? { window } : {}),
    ...(rules ? { rules } : {}),
  };
  const lineBytes = files.map(readFileOf).reduce((sum, { bytes, statedBytes = bytes }) => sum + statedBytes, 0);
  // A statement never reaches the embedded engine late.
  const sourceOf = (source: string) => {
    const lines = numbered(source, places, inputs.length);
    return engine.kind === 'embedded' ? lines : `(SELECT * FROM ${lines} WHERE ${mayStore})`;
  };
  const skipsBlank = files.some(({ odd, isEnveloped }) => odd?.areBlank && !isEnveloped) && hasBoundedLines(layout);
  if (skipsBlank && !isAmongOthers) {
    await engine.insertFrom(input, (source) => countBlank(batch, sourceOf(source), window));
  }
  await engine.insertFrom(input, (source): Statement => {
    const all = sourceOf(source);
    const lines = skipsBlank ? `(SELECT * FROM ${all} WHERE NOT (${isBlank}))` : all;
    const statement = compileBatchInsert(layout, origin, lines);
    return {
      ...statement,
      settings: {
        ...{ ...statement.settings, ...insertSettings, ...indexSettings(engine) },
        ...{ ...planningSettings(lineBytes), ...memoryLimit(engine) },
      },
      group: batch,
    };
  });
  await refresh();
}

/** SQL: lines that every layout treats as comments. */
const isBlank = "line IN ('', '\\r')";

/** Counts blank lines as the views would, without creating rows for them. */
function countBlank(batch: string, source: string, window: Insert['window']): Statement {
  return {
    sql: `
      INSERT INTO tallies (batch, object, lines, content_bytes, comments, rejected)
      SELECT {batch:UInt64}, object, count(), sum(length(line) + 1), count(), 0
      FROM ${source}
      WHERE ${isBlank} AND line_number >= {from_line:UInt64} AND line_number < {until_line:UInt64}
      GROUP BY object`,
    params: { batch, from_line: window?.from ?? 0, until_line: window?.until ?? Number.MAX_SAFE_INTEGER },
    settings: insertSettings,
    group: batch,
  };
}

/** Values shared by all lines of an object, by the object's position in the batch. */
function originColumns(inputs: readonly FileInput[]) {
  const names = inputs.map(({ origin }) => readObjectName(origin));
  const places = inputs.map(({ origin }) => readObjectPlace(origin));
  return {
    origins: inputs.map(({ origin }) => origin),
    filenames: inputs.map(filenameOf),
    distributions: names.map(({ distribution }) => distribution),
    place: {
      buckets: places.map(({ bucket }) => bucket),
      key_folders: places.map(({ folder }) => folder),
      accounts: names.map(({ account }) => account),
      regions: names.map(({ region }) => region),
    },
    groups: inputs.map(({ context }) => context?.group ?? ''),
    streams: inputs.map(({ context }) => context?.stream ?? ''),
    services: inputs.map(({ context }) => context?.service ?? ''),
    hosts: inputs.map(({ context }) => context?.host ?? ''),
    arrivedAtMs: inputs.map(({ context }) => Math.round(context?.arrivedAtMs ?? 0)),
  };
}

/** The source numbers the files of its own INSERT; the books number the objects of the batch. */
function numbered(source: string, places: readonly number[], total: number): string {
  if (places.length === total) return source;
  const objects = places.map((place) => place + 1).join(', ');
  return `(SELECT * REPLACE(toUInt32([${objects}][object]) AS object) FROM ${source})`;
}

/** Files above this size on disk have the user agents of their first lines looked up beforehand. */
const probedBytes = 64 * 1024 * 1024;
const probedLines = 300_000;
