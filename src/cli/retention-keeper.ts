import type { Engine } from '../engine/engine.ts';
import { ClaimedElsewhereError, claimInput } from '../ledger/claim-input.ts';
import { type Deleted, deleteExpired, hasPlanned, readDeleted } from '../ledger/delete-expired.ts';
import { planRetention, type RetentionPlan } from '../ledger/expiring-rows.ts';
import { finishForgets, hasUnfinished } from '../ledger/finish-forgets.ts';
import type { RetentionStatus } from '../ledger/retention-status.ts';
import type { Waiter } from '../ledger/undelivered-spans.ts';
import type { Worker } from '../ledger/worker.ts';
import { removeExpired } from '../rollups/remove-expired.ts';
import type { Retention } from '../store/retention.ts';

/** Longer than a report takes that still reads sums of a deleted day. */
const quietSeconds = 300;

export interface RetentionKeeperOptions {
  readonly engine: Engine;
  readonly worker: Pick<Worker, 'id' | 'isTrusted'>;
  readonly retention: Retention;
  /** Destinations and the lake of the configuration. */
  readonly waiters: readonly Waiter[];
  /** Whether nobody else reads the store, so that sums of deleted days go at once. */
  readonly isAlone: boolean;
}

/** Deletes what the configuration does not keep. Of several workers on one server only one does it at a time. */
export class RetentionKeeper {
  readonly #options: RetentionKeeperOptions;
  #status: RetentionStatus | undefined;

  constructor(options: RetentionKeeperOptions) {
    this.#options = options;
  }

  /** As of the last look; undefined before the first. */
  get status(): RetentionStatus | undefined {
    return this.#status;
  }

  plan(): Promise<RetentionPlan> {
    const { engine, retention, waiters } = this.#options;
    return planRetention(engine, retention, waiters);
  }

  /**
   * Deletes what is due.
   * @returns what was deleted now, by table
   * @throws EngineError; ClaimedElsewhereError when another worker does it
   */
  async look(): Promise<Deleted[]> {
    const { engine, worker, isAlone } = this.#options;
    let plan = await this.plan();
    let deleted: Deleted[] = [];
    const isDue = plan.expiring.some(({ isHeld }) => !isHeld);
    // What a killed process has left may be all that there is to do.
    if (isDue || (await hasUnfinished(engine)) || (await hasPlanned(engine))) {
      const claim = await claimInput({ engine, worker, pipeline: 'retention' }, 'retention');
      try {
        await finishForgets(engine);
        deleted = await deleteExpired(engine, plan.expiring);
      } finally {
        await claim.release();
      }
      plan = await this.plan();
    }
    await removeExpired(engine, isAlone ? 0 : quietSeconds);
    this.#status = { deleted: await readDeleted(engine), plan };
    return deleted;
  }

  /** The same, and is content when another worker does it. */
  async lookBesideOthers(): Promise<void> {
    await this.look().catch((cause) => {
      if (!(cause instanceof ClaimedElsewhereError)) throw cause;
    });
  }
}
