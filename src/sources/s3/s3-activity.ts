import { Activity } from '../aws/activity.ts';

/** What became of objects and messages since the start. */
interface S3Counts {
  stored: number;
  /** Stored before, and left alone. */
  known: number;
  /** No longer there when their turn came. */
  gone: number;
  /** No logs: folders, empty objects, test files. */
  ignored: number;
  /** Told of as removed. */
  removed: number;
  /** Messages that are no notifications of S3, left to the queue's redrive policy. */
  unknownMessages: number;
  /** Objects that could not be stored for a reason of their own; they come again. */
  failed: number;
}

/** What the source is doing, object by object. */
export class S3Activity extends Activity {
  readonly counts: S3Counts = { stored: 0, known: 0, gone: 0, ignored: 0, removed: 0, unknownMessages: 0, failed: 0 };
  /** The last failure of an object of its own, or a message that cannot be read. */
  lastOddity: string | undefined;
}
