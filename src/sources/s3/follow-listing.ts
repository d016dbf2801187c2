import { setTimeout as pause } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Checkpoints } from '../source.ts';
import type { ObjectIntake } from './object-intake.ts';
import type { S3Activity } from './s3-activity.ts';
import { takeListing } from './take-listing.ts';

export interface ListingFollowerOptions {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly prefix: string;
  readonly intake: ObjectIntake;
  readonly checkpoints: Checkpoints;
  readonly activity: S3Activity;
  readonly maxInHand: number;
  /** Pause between two listings. */
  readonly intervalMs: number;
}

const hourMs = 3_600_000;
/** How late AWS may write a log; the next full listing finds later ones. */
const latestArrivalMs = 48 * hourMs;
const fullListingEveryMs = 24 * hourMs;

/**
 * Lists a bucket periodically for objects that are not stored yet: completely at first and once a day, otherwise only
 * the last two days, where keys contain the time.
 */
export async function followListing(options: ListingFollowerOptions, signal: AbortSignal): Promise<void> {
  const { activity, intervalMs } = options;
  let fullListingMs = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    const nowMs = Date.now();
    const isFull = nowMs - fullListingMs >= fullListingEveryMs;
    if (isFull) fullListingMs = nowMs;
    const range = isFull ? {} : { fromMs: nowMs - latestArrivalMs };
    try {
      await takeListing(
        {
          ...options,
          range,
          onDone: (_, result) => {
            if (result.kind !== 'failed') return;
            activity.counts.failed++;
            activity.lastOddity = result.problem;
          },
        },
        signal,
      );
      await pause(intervalMs, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
