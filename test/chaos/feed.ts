/** Something that sends log lines the way a real sender does, and knows what must be in the store at the end. */
export interface Feed {
  readonly name: string;
  /** Its part of `pipelines:`, as YAML below two blanks; empty for what needs no configuration. */
  readonly pipeline: string;
  /** Ids of events that it was told are taken: each must be stored exactly once. */
  readonly taken: ReadonlySet<string>;
  /** Ids of events of which it cannot know: each may be stored, at most once. */
  readonly doubtful: ReadonlySet<string>;
  /** Sends until the signal aborts, then brings what it began to its end. */
  run(worker: WorkerAddress, signal: AbortSignal): Promise<void>;
  /** Makes life hard for readers: reshards, duplicates, kills a server of its own. */
  disturb?(): Promise<void>;
  close(): Promise<void>;
}

/** Where the worker listens; it is often down. */
export interface WorkerAddress {
  readonly url: string;
}

let last = 0;

/** An id that no other event of this process has. */
export function newId(feed: string): string {
  return `${feed}-${String(++last).padStart(9, '0')}-event-id-of-the-campaign==`;
}

/** An application's line. */
export function logLine(id: string): string {
  return `${JSON.stringify({ time: new Date().toISOString(), level: 'INFO', message: 'campaign', request_id: id })}\n`;
}

export const edgeFields = [
  'timestamp',
  'c-ip',
  'sc-status',
  'cs-method',
  'cs-host',
  'cs-uri-stem',
  'x-edge-request-id',
];

/** A real-time record with {@link edgeFields}. */
export function edgeLine(id: string): string {
  const time = (Date.now() / 1000).toFixed(3);
  return `${[time, '192.0.2.1', '200', 'GET', 'www.example.com', '/campaign', id].join('\t')}\n`;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
