import type { ChildMessage, Job, LaneName, OpenMessage, ParentMessage } from '../engine-messages.ts';
import { ChdbSession, type OpenNative } from './chdb-session.ts';
import { lowerMerges } from './lower-merges.ts';
import { QueryStopper } from './query-stopper.ts';
import { SessionPool } from './session-pool.ts';

export interface ParentChannel {
  send(message: ChildMessage): void;
  onMessage(listener: (message: ParentMessage) => void): void;
}

export type OpenDatabase = (directory: string, connectionArgs: readonly string[]) => OpenNative;

export interface ServeOptions {
  readonly open: OpenMessage['open'];
  /** See `os-walls.cts`. */
  readonly missingWalls: readonly string[];
  /** Ends the process. */
  end(): void;
}

/** Opens the engine's data directory, and runs jobs until asked to close. */
export function serveJobs(
  channel: ParentChannel,
  openDatabase: OpenDatabase,
  { open, missingWalls, end }: ServeOptions,
): void {
  let jobs: JobRunner | undefined;
  channel.onMessage((message) => {
    if ('cancel' in message) jobs?.cancel(message.cancel);
    else if ('close' in message) end();
    else if ('job' in message)
      jobs?.run(message.id, message.job).then(
        (bytes) => channel.send({ id: message.id, bytes }),
        (error: unknown) => channel.send({ id: message.id, error: messageOf(error) }),
      );
  });
  openJobs(openDatabase, open).then(
    (opened) => {
      jobs = opened;
      channel.send({ ready: { missingWalls } });
    },
    (error: unknown) => channel.send({ failed: messageOf(error) }),
  );
}

async function openJobs(
  openDatabase: OpenDatabase,
  { directory, connectionArgs, lanes, lowersMerges }: OpenMessage['open'],
) {
  const openNative = openDatabase(directory, connectionArgs);
  const control = await ChdbSession.open(openNative, 'tailrace-control', ['CREATE DATABASE IF NOT EXISTS tailrace']);
  const pools = Object.entries(lanes).map(
    ([name, settings]) => [name, new SessionPool(openNative, name, settings)] as const,
  );
  return new JobRunner(
    Object.fromEntries(pools) as Record<LaneName, SessionPool>,
    new QueryStopper(control),
    lowersMerges,
  );
}

class JobRunner {
  readonly #pools: Readonly<Record<LaneName, SessionPool>>;
  readonly #stopper: QueryStopper;
  readonly #running = new Map<number, AbortController>();
  #areMergesSettled: boolean;

  constructor(pools: Readonly<Record<LaneName, SessionPool>>, stopper: QueryStopper, lowersMerges: boolean) {
    this.#pools = pools;
    this.#stopper = stopper;
    this.#areMergesSettled = !lowersMerges;
  }

  async run(id: number, { lane, before = [], sql, format, after = [] }: Job): Promise<Uint8Array> {
    const controller = new AbortController();
    this.#running.set(id, controller);
    const pool = this.#pools[lane];
    try {
      const session = await pool.take();
      let failed = true;
      try {
        const bytes = await this.#stopper.guard(session, controller.signal, async () => {
          for (const statement of [...before, ...pool.sealing]) await session.execute(statement);
          return session.execute(sql, format);
        });
        if (!pool.isSingleUse) for (const statement of after) await session.execute(statement);
        failed = false;
        this.#areMergesSettled ||= lowerMerges();
        return bytes;
      } finally {
        pool.giveBack(session, failed);
      }
    } finally {
      this.#running.delete(id);
    }
  }

  cancel(id: number): void {
    this.#running.get(id)?.abort();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
