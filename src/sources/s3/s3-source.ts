import { rm } from 'node:fs/promises';
import type { AwsAccess } from '../aws/client-options.ts';
import type { Checkpoints, PartStatus, Sink, Source, SourceStatus } from '../source.ts';
import { checkBucket, checkQueue } from './check-access.ts';
import { followListing } from './follow-listing.ts';
import { QueueFollower } from './follow-queue.ts';
import { ObjectIntake } from './object-intake.ts';
import { openS3, openSqs } from './open-clients.ts';
import { Queue, queueName } from './queue.ts';
import { S3Activity } from './s3-activity.ts';
import { makeSpoolFolder } from './spool-folder.ts';

export interface S3Options extends AwsAccess {
  readonly pipeline: string;
  /** URL of an SQS queue that receives notifications of new objects from the bucket, a topic or EventBridge. */
  readonly queue?: string;
  /** Without a queue, the bucket to list; with one, a bucket for `check` to test. */
  readonly bucket?: string;
  readonly prefix?: string;
  /** Pause between two listings; default a minute. */
  readonly intervalMs?: number;
  /** Visibility timeout of a message, which is extended while it is in hand; default 120. */
  readonly visibilitySeconds?: number;
  /** Directory for objects until they are stored; used by this pipeline alone. */
  readonly spoolDirectory: string;
  /** Concurrent downloads; default 16. */
  readonly concurrency?: number;
}

/** Objects in hand per concurrent download, so that the sink can store many small ones together. */
const inHandPerDownload = 8;

/** Stores log objects from S3 that a queue announces or a listing finds. */
export function createS3Source(options: S3Options): Source {
  if (options.queue === undefined && options.bucket === undefined) throw new Error('BUG: neither queue nor bucket');
  return new RunningS3Source(options);
}

class RunningS3Source implements Source {
  readonly type = 's3';
  readonly #options: S3Options;
  readonly #activity = new S3Activity();
  #follower: QueueFollower | undefined;

  constructor(options: S3Options) {
    this.#options = options;
  }

  async check(signal: AbortSignal): Promise<readonly string[]> {
    const { queue, bucket, prefix = '' } = this.#options;
    return [
      ...(queue === undefined ? [] : await checkQueue(this.#options, queue, signal)),
      ...(bucket === undefined ? [] : await checkBucket(this.#options, bucket, prefix, signal)),
    ];
  }

  async run(sink: Sink & Checkpoints, signal: AbortSignal): Promise<void> {
    const { concurrency = 16, spoolDirectory } = this.#options;
    const s3 = await openS3(this.#options);
    const folder = await makeSpoolFolder(spoolDirectory);
    const intake = new ObjectIntake({ s3, sink, activity: this.#activity, folder, concurrency });
    const following = {
      s3,
      sink,
      checkpoints: sink,
      intake,
      activity: this.#activity,
      maxInHand: concurrency * inHandPerDownload,
    };
    this.#activity.state = 'running';
    try {
      const { queue, bucket = '', prefix = '', intervalMs = 60_000 } = this.#options;
      if (queue === undefined) await followListing({ ...following, bucket, prefix, intervalMs }, signal);
      else await this.#followQueue(queue, following, signal);
    } finally {
      this.#activity.state = 'stopped';
      s3.destroy();
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #followQueue(
    url: string,
    following: {
      readonly intake: ObjectIntake;
      readonly sink: Sink;
      readonly checkpoints: Checkpoints;
      readonly maxInHand: number;
    },
    signal: AbortSignal,
  ): Promise<void> {
    const activity = this.#activity;
    const { visibilitySeconds = 120 } = this.#options;
    const sqs = await openSqs(this.#options, url);
    const queue = new Queue(url, sqs, activity);
    this.#follower = new QueueFollower({ ...following, activity, queue, visibilitySeconds });
    try {
      await this.#follower.run(signal);
    } finally {
      sqs.destroy();
    }
  }

  status(): SourceStatus {
    const status = this.#activity.statusWith([this.#part()], this.#activity.lastOddity);
    return { ...status, outcomes: { ...this.#activity.counts } };
  }

  #part(): PartStatus {
    const { bucket, prefix = '', queue } = this.#options;
    if (queue === undefined) return { name: `s3://${bucket}/${prefix}` };
    const ages = this.#follower?.inHand.ages();
    const waiting = this.#follower?.waiting;
    const isIdle = !ages && waiting === 0;
    return {
      name: queueName(queue),
      ...(ages ? { lagMs: ages.sentMs, oldestUnacknowledgedMs: ages.heldMs } : isIdle ? { lagMs: 0 } : {}),
      ...(waiting === undefined ? {} : { waiting }),
    };
  }
}
