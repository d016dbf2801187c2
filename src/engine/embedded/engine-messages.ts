/** What the process of the program and the process of the engine say to each other; see `engine-process.ts`. */

/** Sessions for one purpose. Those of `judge` and `ask` serve one job each, so that nothing of it can reach the next. */
export type LaneName = 'write' | 'read' | 'judge' | 'ask';

export interface LaneSettings {
  /** Statements that prepare a session; `{tag}` in them becomes its name in `system.processes`. */
  readonly opening: readonly string[];
  /** Whether a session serves one job only. */
  readonly isSingleUse: boolean;
}

/** The first message to the engine's process. */
export interface OpenMessage {
  readonly open: {
    /** The engine's data directory. */
    readonly directory: string;
    readonly connectionArgs: readonly string[];
    readonly lanes: Readonly<Record<LaneName, LaneSettings>>;
  };
}

/** Statements that run one after the other in one session. */
export interface Job {
  readonly lane: LaneName;
  /** Statements without an answer. */
  readonly before?: readonly string[];
  readonly sql: string;
  /** Format of the answer to `sql`; default `Null`. */
  readonly format?: string;
  /** Statements that make the session what it was; left out when something failed, since the session is closed then. */
  readonly after?: readonly string[];
}

export type ParentMessage =
  | OpenMessage
  | { readonly id: number; readonly job: Job }
  /** Stops the statement of a job; its answer is an error then, unless it had ended. */
  | { readonly cancel: number }
  /** Ends the process; sent when no job is left. */
  | { readonly close: true };

export type ChildMessage =
  /** `missingWalls`: see `process/os-walls.cts`. */
  | { readonly ready: { readonly missingWalls: readonly string[] } }
  | { readonly failed: string }
  | { readonly id: number; readonly bytes: Uint8Array }
  /** The engine's own words. */
  | { readonly id: number; readonly error: string };

/** What the engine's process is started with, as JSON in `TAILRACE_ENGINE_PROCESS`. */
export interface ProcessOptions {
  readonly parent: number;
  /** See `process/os-walls.cts`. */
  readonly read: readonly string[];
  readonly write: readonly string[];
}
