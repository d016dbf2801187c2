import type { EmittedWindow } from '../read-emissions.ts';

/** Where emitted windows are sent, one after the other. */
export type OutputOptions =
  | { readonly type: 'file'; readonly path: string }
  | {
      readonly type: 'webhook';
      readonly url: string;
      readonly secret?: string;
      readonly timeoutMs: number;
    };

/** How far an output is. */
export interface OutputPosition {
  /** Of the last window that it has. */
  readonly sequence: number;
  /** Of a file: its length then. */
  readonly bytes: number;
}

export interface WindowOutput {
  /** Identifies what was sent already: another place is another output. Has no credentials. */
  readonly name: string;
  /** Called before the first send. Must remove what was sent beyond the position, where that can be done. */
  open(position: OutputPosition): Promise<void>;
  /**
   * Sends windows, the oldest first; may send only the first ones. Resolves when those are there for good.
   * @returns the position after them
   * @throws Error with a remedy; what was sent may be sent again
   */
  send(windows: readonly EmittedWindow[], position: OutputPosition, signal: AbortSignal): Promise<OutputPosition>;
}
