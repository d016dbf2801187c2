import type { Alert } from './alert.ts';
import type { MaintenanceWindow } from './maintenance.ts';
import type { Receiver } from './receivers/receiver.ts';

/** What is evaluated, and who is told. */
export interface AlertPlan {
  /** Without those that are switched off. */
  readonly alerts: readonly Alert[];
  readonly receivers: readonly NamedReceiver[];
  readonly maintenance: readonly MaintenanceWindow[];
  /** Of the console, for links. */
  readonly publicUrl?: string;
}

/** A receiver of the configuration. */
export interface NamedReceiver {
  readonly name: string;
  readonly type: string;
  readonly receiver: Receiver;
  /** How old a message becomes that is tried again. */
  readonly giveUpAfterMs: number;
}
