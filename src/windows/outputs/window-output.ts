import type { StreamPlace } from '../../destinations/aws/record-stream.ts';
import type { SendOutcome } from '../../webhooks/send-webhook.ts';
import type { EmittedWindow } from '../read-emissions.ts';

/** Where emitted windows are sent, one after the other. */
export type OutputOptions =
  | { readonly type: 'file'; readonly path: string }
  | (StreamPlace & { readonly type: 'kinesis'; readonly giveUpAfterMs: number })
  | {
      readonly type: 'webhook';
      readonly url: string;
      readonly secret?: string;
      readonly timeoutMs: number;
      /** How old a window becomes that is tried again. */
      readonly giveUpAfterMs: number;
    };

/** How far an output is. */
export interface OutputPosition {
  /** Of the last window that it has, or that was given up. */
  readonly sequence: number;
  /** Of a file: its length then. */
  readonly bytes: number;
}

/** What became of windows that were sent. */
export interface Sent {
  /** Of the first windows, in their order; at least one. What was taken is there for good. */
  readonly outcomes: readonly SendOutcome[];
  /** Of a file: its length now. */
  readonly bytes?: number;
}

export interface WindowOutput {
  /** Identifies what was sent already: another place is another output. Has no credentials. */
  readonly name: string;
  /** How old a window becomes that is tried again. */
  readonly giveUpAfterMs: number;
  /** Called before the first send. Must remove what was sent beyond the position, where that can be done. */
  open(position: OutputPosition): Promise<void>;
  /**
   * Sends windows, the oldest first; may send only the first ones.
   * @throws Error with a remedy when no window can be sent now; what was sent may be sent again
   */
  send(windows: readonly EmittedWindow[], signal: AbortSignal): Promise<Sent>;
  /** Whether something could be sent now; sends nothing. @returns problems with remedies, without credentials */
  check(signal: AbortSignal): Promise<readonly string[]>;
  /** Called after the last send. */
  close?(): void;
}
