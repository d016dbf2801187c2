import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InputHints } from '../layouts/find-layout.ts';
import { type FileIdentities, type FilesProgress, type RefusedFile, UserFiles } from '../sources/files/user-files.ts';
import type { BatchContext } from './batch-context.ts';
import { openSink, type StoreSink } from './open-sink.ts';

export interface IngestResult extends FilesProgress {
  readonly failed: readonly RefusedFile[];
  readonly drifts: readonly string[];
}

export interface IngestOptions {
  readonly hints?: InputHints;
  /** Called from time to time, also while a large file is stored, and at the end. */
  readonly onProgress?: (progress: FilesProgress) => void;
  /** For copies of files that the engine cannot read; used by this ingest alone; default: a temporary directory. */
  readonly spoolDirectory?: string;
  /** Ends the ingest after the batches in flight. */
  readonly signal?: AbortSignal;
  readonly identities?: FileIdentities;
}

/**
 * Stores files, each exactly once: files that the ledger knows are skipped, files that grew continue where they ended.
 * A file that cannot be stored does not block the others.
 * @param paths absolute paths
 * @throws EngineError when the store itself fails (disk full, unreachable); what was stored until then stays
 */
export async function ingestFiles(
  context: BatchContext,
  paths: readonly string[],
  { hints = {}, onProgress, spoolDirectory = temporaryDirectory(), signal, identities }: IngestOptions = {},
): Promise<IngestResult> {
  const drifts: string[] = [];
  const sink = openSink(context, { hints, spoolDirectory, onEvent: (text) => drifts.push(text), attempts });
  const files = new UserFiles(paths, identities);
  const watch = onProgress && setInterval(() => void tell(files, sink, onProgress).catch(() => {}), tellEveryMs);
  try {
    await files.run(sink, signal);
  } finally {
    clearInterval(watch);
    await sink.close();
  }
  const { failed } = files;
  onProgress?.(files.progress());
  return { ...files.progress(), failed, drifts };
}

/** The command can be run again, so it does not wait for a store that is down or full. */
const attempts = 3;
const tellEveryMs = 500;

/** A single large file is one batch, so what has arrived of it counts too. */
async function tell(files: UserFiles, sink: StoreSink, onProgress: (progress: FilesProgress) => void): Promise<void> {
  const arrived = await sink.arrived();
  const done = files.progress();
  onProgress({ ...done, rows: done.rows + arrived.rows, bytes: done.bytes + arrived.bytes });
}

function temporaryDirectory(): string {
  return join(tmpdir(), `tailrace-ingest-${randomUUID()}`);
}
