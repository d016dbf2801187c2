/** Tables that a lake has. */
export type RemoteTable = 'requests' | 'logs';

/** An hour of a lake. */
export interface RemoteHour {
  /** `2026-11-27`, UTC. */
  readonly day: string;
  readonly hour: number;
}

/**
 * A lake that the engine cannot reach, since it has no network: the program brings the files of a question's hours to a
 * folder of that question. Failures are errors with a remedy.
 */
export interface RemoteLake {
  /** Below it are the folders of questions. The engine may read there. */
  readonly folder: string;
  /** Makes the folder, without any of earlier questions. */
  prepare(): void;
  /** The hours that it has of a table. */
  hours(table: RemoteTable, signal: AbortSignal): Promise<readonly RemoteHour[]>;
  /**
   * Puts the files of hours where a question finds them: `folder/id/requests/dt=2026-11-27/hour=13/…`.
   * @param id as {@link release} takes it
   */
  bring(id: string, hours: ReadonlyMap<RemoteTable, readonly RemoteHour[]>, signal: AbortSignal): Promise<void>;
  /** Takes them away again. */
  release(id: string): Promise<void>;
  close(): Promise<void>;
}
