/** Where an archive keeps its objects. Failures have a remedy. */
export interface ArchivePlace {
  /**
   * Probes whether it could write. Leaves nothing behind.
   * @param start what the names of all objects begin with
   * @returns problems with remedies
   */
  check(start: string, signal: AbortSignal): Promise<readonly string[]>;

  /** Must come first, and removes what a killed process left unfinished. */
  open(signal: AbortSignal): Promise<void>;

  /**
   * Adds an object that nobody sees before it is published.
   * @param name `requests/2026/11/27/13/914067372376507168.requests.ndjson.gz`
   */
  add(name: string, pieces: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<WrittenObject>;

  /** Makes durable and visible what was added, each object whole. One of the same name is replaced. */
  publish(signal: AbortSignal): Promise<void>;

  /** Drops what was added and is not published. */
  discard(): Promise<void>;

  /** Ends the use, and drops it too. */
  close(): Promise<void>;
}

export interface WrittenObject {
  readonly rows: number;
  /** Size of the object. */
  readonly bytes: number;
}
