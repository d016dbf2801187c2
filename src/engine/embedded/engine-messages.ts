/** Messages between the program's process and the engine's process; see `engine-process.ts`. */

/** Sessions for one purpose. Those of `judge` and `ask` serve one job each, so that jobs cannot affect each other. */
export type LaneName = 'write' | 'read' | 'judge' | 'ask';

export interface LaneSettings {
  /** Statements that prepare a session; `{tag}` in them is replaced by its name in `system.processes`. */
  readonly opening: readonly string[];
  /** Statements that a job runs after its own settings and before its statement: none of them can be changed after. */
  readonly sealing: readonly string[];
  /** Whether a session serves one job only. */
  readonly isSingleUse: boolean;
}

/** What the engine's process may open; see `process/os-walls.cts`. */
export interface OpenPaths {
  /** Readable files, or folders with all that is below. Missing ones are skipped. */
  readonly read: readonly string[];
  /** Readable and writable. */
  readonly write: readonly string[];
}

/** The first message to the engine's process. */
export interface OpenMessage {
  readonly open: {
    readonly paths: OpenPaths;
    /** Threads for concurrent statements. */
    readonly threads: number;
    /** The engine's data directory. */
    readonly directory: string;
    readonly connectionArgs: readonly string[];
    readonly lanes: Readonly<Record<LaneName, LaneSettings>>;
    /** Whether merges and mutations wait for statements; see `process/lower-merges.ts`. */
    readonly lowersMerges: boolean;
  };
}

/** Statements that run in sequence in one session. */
export interface Job {
  readonly lane: LaneName;
  /** Statements without an answer. */
  readonly before?: readonly string[];
  readonly sql: string;
  /** Format of the answer to `sql`; default `Null`. */
  readonly format?: string;
  /** Statements that reset the session; skipped where the session is closed then. */
  readonly after?: readonly string[];
}

export type ParentMessage =
  | OpenMessage
  | { readonly id: number; readonly job: Job }
  /** Stops the statement of a job; its answer is then an error, unless it had ended. */
  | { readonly cancel: number }
  /** Ends the process; sent when no job is left. */
  | { readonly close: true };

export type ChildMessage =
  /** `missingWalls`: see `process/os-walls.cts`. */
  | { readonly ready: { readonly missingWalls: readonly string[] } }
  | { readonly failed: string }
  | { readonly id: number; readonly bytes: Uint8Array }
  /** The engine's own message. */
  | { readonly id: number; readonly error: string };
