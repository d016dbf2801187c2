import { setMaxListeners } from 'node:events';
import { Allowance } from '../aws/allowance.ts';
import { UnmendableError } from '../aws/explain-failure.ts';
import type { Checkpoints, StoredObject } from '../source.ts';
import { type ListingOptions, listObjects } from './list-objects.ts';
import type { ObjectIntake, Outcome } from './object-intake.ts';
import { originOf, type S3Object, versionOf } from './s3-object.ts';

export interface TakeListingOptions extends ListingOptions {
  readonly intake: ObjectIntake;
  readonly checkpoints: Checkpoints;
  /** Objects in hand at once. */
  readonly maxInHand: number;
  /** Called with the number and bytes of further objects that the listing found. */
  readonly onFound?: (objects: number, bytes: number) => void;
  readonly onDone: (object: S3Object, result: Outcome | { readonly kind: 'known' } | Failed) => void;
}

export interface Failed {
  readonly kind: 'failed';
  readonly problem: string;
}

/**
 * Stores the objects of a listing once: what the sink has stored already is not read. An object that cannot be stored
 * does not block the others.
 * @throws UnmendableError; the signal's reason
 */
export async function takeListing(options: TakeListingOptions, signal: AbortSignal): Promise<void> {
  const { checkpoints, intake, maxInHand, onDone, onFound } = options;
  const failed = new AbortController();
  const ended = AbortSignal.any([signal, failed.signal]);
  // Every object in hand adds listeners to this signal.
  setMaxListeners(0, ended);
  const inHand = new Allowance(maxInHand);
  const working = new Set<Promise<void>>();
  const take = async (object: S3Object) => {
    try {
      onDone(object, await intake.take(object, ended));
    } catch (error) {
      if (ended.aborted) return;
      if (error instanceof UnmendableError) failed.abort(error);
      else onDone(object, { kind: 'failed', problem: (error as Error).message });
    }
  };
  try {
    for await (const page of listObjects(options, ended)) {
      if (page.length === 0) continue;
      onFound?.(
        page.length,
        page.reduce((sum, { bytes = 0 }) => sum + bytes, 0),
      );
      // When this query fails, the sink decides: it waits for the store, and recognizes known objects then.
      const stored = new Set((await checkpoints.versionsOf(page.map(originOf)).catch(() => [])).map(identityOf));
      for (const object of page) {
        const { etag, bytes } = object;
        if (etag !== undefined && bytes !== undefined) {
          if (stored.has(identityOf({ origin: originOf(object), version: versionOf(etag, bytes) }))) {
            onDone(object, { kind: 'known' });
            continue;
          }
        }
        await inHand.take(1, ended);
        const work = take(object).finally(() => {
          inHand.give(1);
          working.delete(work);
        });
        working.add(work);
      }
    }
  } catch (error) {
    if (!ended.aborted) failed.abort(error);
  }
  await Promise.all(working);
  ended.throwIfAborted();
}

function identityOf({ origin, version }: Pick<StoredObject, 'origin' | 'version'>): string {
  return JSON.stringify([origin, version]);
}
