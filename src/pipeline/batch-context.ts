import type { Engine } from '../engine/engine.ts';
import type { LineRules } from '../layouts/line-rules.ts';
import type { Worker } from '../ledger/worker.ts';

/** The store, as far as a batch needs it. */
export interface BatchContext {
  readonly engine: Engine;
  /** This process among others that store into the same tables; absent when there are none. */
  readonly worker?: Pick<Worker, 'id' | 'isTrusted'>;
  /** The pipeline that stores, for the books; absent outside of pipelines. */
  readonly pipeline?: string;
  /** What of its lines is left out and masked. */
  readonly rules?: LineRules;
  refresh(): Promise<void>;
}
