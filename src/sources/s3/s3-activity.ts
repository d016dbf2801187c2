import { Activity } from '../aws/activity.ts';

/** Outcomes of objects and messages since the start. */
interface S3Counts {
  stored: number;
  /** Stored before, and skipped. */
  known: number;
  /** No longer there when their turn came. */
  gone: number;
  /** Not logs: folders, empty objects, test files. */
  ignored: number;
  /** Announced as removed. */
  removed: number;
  /** Messages that are not notifications of S3, left to the queue's redrive policy. */
  unknownMessages: number;
  /** Objects that could not be stored for a reason of their own; they are retried. */
  failed: number;
}

/** Status of the source, with outcomes of objects. */
export class S3Activity extends Activity {
  readonly counts: S3Counts = { stored: 0, known: 0, gone: 0, ignored: 0, removed: 0, unknownMessages: 0, failed: 0 };
  /** The last failure specific to an object, or the last unreadable message. */
  lastOddity: string | undefined;
}
