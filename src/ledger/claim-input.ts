import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from '../engine/engine.ts';
import { deadAfterSeconds, isRecent, trustedWorkers, type Worker } from './worker.ts';

/** An input that only this pipeline reads, among all that store into the same tables. */
export interface Claim {
  /**
   * The worker that closes the batches of the input. Its id never changes: a process that was considered dead continues
   * under a new id, and nothing of the input may be stored under that.
   */
  readonly worker: Pick<Worker, 'id' | 'isTrusted'> | undefined;
  /** Aborts when others may consider this process dead and the input free. */
  readonly lost: AbortSignal;
  /** Releases the input; nothing of it may be in flight. */
  release(): Promise<void>;
}

export interface Claimant {
  readonly engine: Engine;
  readonly worker?: Pick<Worker, 'id' | 'isTrusted'>;
  readonly pipeline: string;
}

/** Well below the time after which a claim expires in the store. */
const renewEveryMs = 3_600_000;
const lookEveryMs = 1000;
/** How often the worker with the lower id checks whether one that claims at the same moment has withdrawn. */
const maxLooks = 5;

/** By engine and input: the pipeline of this process that reads it. */
const ownClaims = new WeakMap<Engine, Map<string, string>>();

let statements = 0;

/**
 * Claims an input for one pipeline.
 *
 * Why only one gets it: a claim counts when its row was written and no other live worker's row is found afterwards. Of
 * two that wrote, the later one finds the earlier one's row, because reads see acknowledged writes
 * (`select_sequential_consistency` where there are replicas). A silent worker counts as dead only after a minute, and
 * before that the store already closes no batch for it.
 * @throws Error that names the holder; EngineError
 */
export async function claimInput(claimant: Claimant, input: string): Promise<Claim> {
  const { engine, worker, pipeline } = claimant;
  const own = ownClaims.get(engine) ?? new Map<string, string>();
  ownClaims.set(engine, own);
  const other = own.get(input);
  if (other !== undefined)
    throw new Error(`cannot read "${input}": pipeline "${other}" reads it; remove one of the two`);
  own.set(input, pipeline);
  try {
    const claim = worker && engine.kind === 'server' ? await claimAmongWorkers(engine, worker, input) : aloneClaim;
    return {
      ...claim,
      worker: claim.worker ?? worker,
      release: () => claim.release().finally(() => own.delete(input)),
    };
  } catch (cause) {
    own.delete(input);
    throw cause;
  }
}

/** An embedded store has only one process. */
const aloneClaim: Claim = { worker: undefined, lost: new AbortController().signal, release: async () => {} };

async function claimAmongWorkers(
  engine: Engine,
  worker: Pick<Worker, 'id' | 'isTrusted'>,
  input: string,
): Promise<Claim> {
  const { id } = worker;
  const write = (isHeld: boolean) => writeClaim(engine, { input, id, isHeld });
  try {
    await write(true);
    for (let look = 1; ; look++) {
      const holders = await readHolders(engine, input);
      if (!holders.some(({ worker }) => worker === id))
        throw new Error(`cannot claim "${input}": the store was unreachable for too long; this is retried`);
      const others = holders.filter(({ worker }) => worker !== id);
      if (others.length === 0) break;
      if (look === maxLooks || others.some(({ worker }) => worker < id)) throw heldBy(others[0]?.host ?? '', input);
      await delay(lookEveryMs);
    }
  } catch (cause) {
    // The row may have been written although the statement failed.
    await write(false).catch(() => {});
    throw cause;
  }
  const lost = new AbortController();
  const watching = setInterval(() => {
    if (worker.id !== id)
      lost.abort(
        new Error(
          `cannot continue reading "${input}": the store was unreachable for too long, so another worker may read it by now`,
        ),
      );
  }, lookEveryMs);
  const renewing = setInterval(() => void write(true).catch(() => {}), renewEveryMs);
  return {
    worker: { id, isTrusted: () => worker.id === id && worker.isTrusted() },
    lost: lost.signal,
    release: async () => {
      clearInterval(watching);
      clearInterval(renewing);
      // A claim that remains expires a minute after this process ends.
      await write(false).catch(() => {});
    },
  };
}

/** Another worker has the input. */
export class ClaimedElsewhereError extends Error {
  /** Of that worker. */
  readonly host: string;

  constructor(host: string, message: string) {
    super(message);
    this.host = host;
  }
}

function heldBy(host: string, input: string): Error {
  return new ClaimedElsewhereError(
    host,
    `cannot read "${input}": a worker on host "${host}" reads it, and two would store everything twice; this one takes over ` +
      'when that one ends; for several at once, set leases (docs/many-workers.md)',
  );
}

interface ClaimRow {
  readonly input: string;
  /** Id of the worker. */
  readonly id: string;
  readonly isHeld: boolean;
}

/** A late statement that runs after a newer one changes nothing, because its sequence number is lower. */
function writeClaim(engine: Engine, { input, id, isHeld }: ClaimRow): Promise<void> {
  return engine.run({
    sql: `
      INSERT INTO claims (input, worker, host, sequence, is_held, written_at)
      SELECT {input:String}, {id:String}, {host:String}, {sequence:UInt64}, {is_held:Bool}, now64(3)
      WHERE NOT {is_held:Bool} OR {id:String} IN (${trustedWorkers})`,
    params: { input, id, host: hostname(), sequence: ++statements, is_held: isHeld },
  });
}

/** Live workers that claim the input, including this one. */
function readHolders(engine: Engine, input: string): Promise<{ worker: string; host: string }[]> {
  return engine.rows({
    sql: `
      SELECT worker, argMax(host, sequence) AS host
      FROM claims
      WHERE input = {input:String}
        AND worker IN (SELECT worker FROM workers WHERE ${isRecent('seen_at', `${deadAfterSeconds}`)})
      GROUP BY worker
      HAVING argMax(is_held, sequence)
      ORDER BY worker`,
    params: { input },
    settings: { select_sequential_consistency: 1 },
  });
}
