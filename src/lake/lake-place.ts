/** Where a lake lies. Names are relative: `requests/dt=2026-11-27/hour=13/requests.parquet`. Failures have a remedy. */
export interface LakePlace {
  /** Identifies it, and for messages: `s3://bucket/prefix`, or the absolute path of a folder. */
  readonly name: string;

  /** Probes whether it could write and remove. Leaves nothing behind. @returns problems with remedies */
  check(signal: AbortSignal): Promise<readonly string[]>;

  /** Must come first, and removes what a killed process left unfinished. */
  open(signal: AbortSignal): Promise<void>;

  /** A path on this machine for a file that nobody sees before it is published. */
  draft(): string;

  /** Gives a draft its name; it appears whole, and one of the same name is replaced. Durable when it resolves. */
  publish(draft: string, name: string, signal: AbortSignal): Promise<void>;

  /** Names that lie directly in a folder of the lake; none if there is no such folder. */
  names(folder: string, signal: AbortSignal): Promise<readonly string[]>;

  /** Whether they are there or not. */
  remove(names: readonly string[], signal: AbortSignal): Promise<void>;

  /** Ends the use, and drops drafts. */
  close(): Promise<void>;
}
