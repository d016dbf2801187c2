import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from '../engine/engine.ts';
import { deadAfterSeconds, isRecent, trustedWorkers, type Worker } from './worker.ts';

/** An input that this pipeline alone reads, of all that store into the same tables. */
export interface Claim {
  /**
   * Who closes the batches of the input. It never becomes another one: a process that was given up stores under a new
   * name, and nothing of the input may be stored under that.
   */
  readonly worker: Pick<Worker, 'id' | 'isTrusted'> | undefined;
  /** Aborts when others may have taken this process for dead, and the input for free. */
  readonly lost: AbortSignal;
  /** Frees the input; nothing of it may be under way. */
  release(): Promise<void>;
}

export interface Claimant {
  readonly engine: Engine;
  readonly worker?: Pick<Worker, 'id' | 'isTrusted'>;
  readonly pipeline: string;
}

/** Well below the time after which the store forgets a claim. */
const renewEveryMs = 3_600_000;
const lookEveryMs = 1000;
/** How often the worker with the lesser id looks whether one that claims at the same moment has given way. */
const maxLooks = 5;

/** By engine and input: the pipeline of this process. */
const ownClaims = new WeakMap<Engine, Map<string, string>>();

let statements = 0;

/**
 * Claims an input for one pipeline.
 *
 * Why only one gets it: a claim counts when its row was written and no other live worker's row is found afterwards. Of
 * two that wrote, the later one finds the earlier one's row, because the store shows what it has acknowledged
 * (`select_sequential_consistency` where it has replicas). A worker that is silent counts as dead only after a minute, and
 * before that the store closes no batch for it any more.
 * @throws Error that names who has it; EngineError
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

/** An embedded store has one process. */
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
        throw new Error(`cannot claim "${input}": the store was out of reach for too long; it is tried again`);
      const others = holders.filter(({ worker }) => worker !== id);
      if (others.length === 0) break;
      if (look === maxLooks || others.some(({ worker }) => worker < id)) throw heldBy(others[0]?.host ?? '', input);
      await delay(lookEveryMs);
    }
  } catch (cause) {
    // It may have been written although nobody said so.
    await write(false).catch(() => {});
    throw cause;
  }
  const lost = new AbortController();
  const watching = setInterval(() => {
    if (worker.id !== id)
      lost.abort(
        new Error(
          `cannot go on reading "${input}": the store was out of reach for too long, so that another worker may read it by now`,
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
      // One that is left is free a minute after this process ended.
      await write(false).catch(() => {});
    },
  };
}

function heldBy(host: string, input: string): Error {
  return new Error(
    `cannot read "${input}": a worker on host "${host}" reads it, and two would store everything twice; this one takes over ` +
      'when that one ends; for several at once, set leases (docs/many-workers.md)',
  );
}

interface ClaimRow {
  readonly input: string;
  /** Of the worker. */
  readonly id: string;
  readonly isHeld: boolean;
}

/** A statement that is done late, after one that was sent later, changes nothing: its number is lower. */
function writeClaim(engine: Engine, { input, id, isHeld }: ClaimRow): Promise<void> {
  return engine.run({
    sql: `
      INSERT INTO claims (input, worker, host, sequence, is_held, written_at)
      SELECT {input:String}, {id:String}, {host:String}, {sequence:UInt64}, {is_held:Bool}, now64(3)
      WHERE NOT {is_held:Bool} OR {id:String} IN (${trustedWorkers})`,
    params: { input, id, host: hostname(), sequence: ++statements, is_held: isHeld },
  });
}

/** Live workers that say that they have the input, this one too. */
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
