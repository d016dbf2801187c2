import { setTimeout } from 'node:timers/promises';
import type { Engine } from '../engine/engine.ts';
import { backoffMs } from '../waiting/backoff.ts';
import { ClaimedElsewhereError, claimInput } from './claim-input.ts';
import type { Worker } from './worker.ts';

export interface ClaimedWork {
  readonly engine: Engine;
  readonly worker?: Pick<Worker, 'id' | 'isTrusted'>;
  /** What only one worker does at a time, as in `claims`: `lake s3://bucket/`. */
  readonly claim: string;
  /** Who does it in this process. */
  readonly by: string;
  /** Between two attempts that failed. */
  readonly pauses: { readonly firstMs: number; readonly longestMs: number };
  /** Works until the signal aborts; a failure ends it. */
  work(claimed: Claimed): Promise<void>;
  onFailure(cause: Error): void;
}

export interface Claimed {
  /** Id of the worker for conditions on what it writes; empty where the store has only one. */
  readonly worker: string;
  /** Aborts at the end, and when others may do the work. */
  readonly signal: AbortSignal;
  /** To be called when something was done: the next failure is a first one. */
  onProgress(): void;
}

/** How often a worker asks whether the one that does the work has ended. */
const standbyMs = 5_000;

/**
 * Does what one worker does for all of them, until the signal aborts: claims it, works, and begins again after a pause
 * when it fails. Whatever fails is told; that another worker does it is a {@link ClaimedElsewhereError}.
 */
export async function workWhileClaimed(options: ClaimedWork, ending: AbortSignal): Promise<void> {
  for (let failures = 0; !ending.aborted; ) {
    try {
      await workOnce(options, ending, () => {
        failures = 0;
      });
    } catch (cause) {
      if (ending.aborted) return;
      const isStandby = cause instanceof ClaimedElsewhereError;
      failures += isStandby ? 0 : 1;
      options.onFailure(cause as Error);
      const pauseMs = isStandby ? standbyMs : backoffMs(failures, options.pauses);
      await setTimeout(pauseMs, undefined, { signal: ending }).catch(() => {});
    }
  }
}

async function workOnce(
  { engine, worker, claim: input, by, work }: ClaimedWork,
  ending: AbortSignal,
  onProgress: () => void,
): Promise<void> {
  const claim = await claimInput({ engine, pipeline: by, ...(worker ? { worker } : {}) }, input);
  try {
    const id = engine.kind === 'server' ? (claim.worker?.id ?? '') : '';
    await work({ worker: id, signal: AbortSignal.any([ending, claim.lost]), onProgress });
    if (!ending.aborted) claim.lost.throwIfAborted();
  } finally {
    await claim.release();
  }
}
