import type { Engine } from '../engine/engine.ts';
import type { LineRules } from '../layouts/line-rules.ts';
import type { Worker } from '../ledger/worker.ts';
import type { ByteKeeper } from './keep-bytes.ts';

/** What a batch needs of the store. */
export interface BatchContext {
  readonly engine: Engine;
  /** This process among the workers that store into the same tables; absent when it is the only one. */
  readonly worker?: Pick<Worker, 'id' | 'isTrusted'>;
  /** Name of the storing pipeline, for the books; absent outside of pipelines. */
  readonly pipeline?: string;
  /** Which lines are excluded and which values are masked. */
  readonly rules?: LineRules;
  /** Absent when nobody takes the bytes. */
  readonly bytes?: ByteKeeper;
  refresh(): Promise<void>;
}
