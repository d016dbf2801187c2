import type { Deleted } from './delete-expired.ts';
import type { RetentionPlan } from './expiring-rows.ts';

/** What retention has done, and what it waits for. */
export interface RetentionStatus {
  readonly deleted: readonly Deleted[];
  readonly plan: RetentionPlan;
}
