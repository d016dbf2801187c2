import { rm } from 'node:fs/promises';
import type { AwsAccess } from '../aws/client-options.ts';
import type { Checkpoints, Sink } from '../source.ts';
import type { TimeRange } from './key-time.ts';
import { ObjectIntake } from './object-intake.ts';
import { openS3 } from './open-clients.ts';
import { S3Activity } from './s3-activity.ts';
import { originOf } from './s3-object.ts';
import { makeSpoolFolder } from './spool-folder.ts';
import { takeListing } from './take-listing.ts';

export interface BackfillOptions extends AwsAccess {
  readonly bucket: string;
  readonly prefix: string;
  readonly range: Partial<TimeRange>;
  /** Directory for objects until they are stored. */
  readonly spoolDirectory: string;
  readonly onProgress?: (progress: BackfillProgress) => void;
}

/** Counts since the start. */
export interface BackfillProgress {
  /** Objects listed so far, and their bytes. */
  readonly found: number;
  readonly foundBytes: number;
  /** Objects that are finished. */
  readonly done: number;
  readonly doneBytes: number;
  /** Of these: stored before and skipped, not logs, gone since they were listed. */
  readonly known: number;
  readonly ignored: number;
  readonly gone: number;
  readonly lines: number;
  readonly rows: number;
  readonly rejected: number;
  readonly comments: number;
  readonly excluded: number;
  /** Description of what is being retried. */
  readonly problem?: string;
}

export interface BackfillResult extends BackfillProgress {
  readonly retries: number;
  readonly failed: readonly { readonly path: string; readonly problem: string }[];
}

const downloadsAtOnce = 16;
const objectsInHand = 256;

/**
 * Stores every object below a prefix, each once: what is stored already is skipped, so that a second run continues
 * where the first ended.
 * @throws UnmendableError, e.g. without permission to list; the signal's reason
 */
export async function backfill(
  options: BackfillOptions,
  sink: Sink & Checkpoints,
  signal: AbortSignal,
): Promise<BackfillResult> {
  const { bucket, prefix, range, onProgress } = options;
  const activity = new S3Activity();
  const s3 = await openS3(options);
  const folder = await makeSpoolFolder(options.spoolDirectory);
  const intake = new ObjectIntake({ s3, sink, activity, folder, concurrency: downloadsAtOnce });
  const count = {
    ...{ found: 0, foundBytes: 0, done: 0, doneBytes: 0, known: 0, ignored: 0, gone: 0 },
    ...{ lines: 0, rows: 0, rejected: 0, comments: 0, excluded: 0 },
  };
  const failed: { path: string; problem: string }[] = [];
  const report = () => {
    const problem = activity.problem ?? sink.pressure().problem;
    onProgress?.({ ...count, ...(problem === undefined ? {} : { problem }) });
  };
  const reporting = setInterval(report, 500);
  try {
    await takeListing(
      {
        ...{ s3, bucket, prefix, range, activity, intake, checkpoints: sink, maxInHand: objectsInHand },
        onFound(objects, bytes) {
          count.found += objects;
          count.foundBytes += bytes;
        },
        onDone(object, result) {
          count.done++;
          count.doneBytes += object.bytes ?? 0;
          if (result.kind === 'failed') failed.push({ path: originOf(object), problem: result.problem });
          else if (result.kind !== 'taken') count[result.kind]++;
          else if (result.receipt.known) count.known++;
          else
            for (const key of ['lines', 'rows', 'rejected', 'comments', 'excluded'] as const)
              count[key] += result.receipt[key];
        },
      },
      signal,
    );
    report();
    return { ...count, retries: activity.retries, failed };
  } finally {
    clearInterval(reporting);
    s3.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}
