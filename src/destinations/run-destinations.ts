import { join } from 'node:path';
import type { Engine } from '../engine/engine.ts';
import type { MaskRules } from '../layouts/line-rules.ts';
import { ClaimedElsewhereError } from '../ledger/claim-input.ts';
import type { ShippingStart } from '../ledger/shipping-position.ts';
import { type Claimed, type ClaimedWork, workWhileClaimed } from '../ledger/work-while-claimed.ts';
import type { Worker } from '../ledger/worker.ts';
import type { Destination } from './destination.ts';
import { shipBatches } from './ship-batches.ts';
import { ShippingCounts } from './shipping-counts.ts';

/** One destination, and what is delivered to it. */
export interface DestinationDefinition {
  /** Identifies what was delivered already: a renamed destination is a new one. */
  readonly name: string;
  /** As in the configuration: `folder`. */
  readonly type: string;
  /** Where to start when the store knows nothing of it. */
  readonly from: ShippingStart;
  /** Names of the pipelines whose batches it takes; all when undefined. */
  readonly pipelines: readonly string[] | undefined;
  /** What is made unreadable before it leaves the store. */
  readonly mask: MaskRules;
  /** Of the bytes as they came, which it delivers instead of rows, how many are kept until it has them; undefined: it takes none. */
  readonly mostKeptBytes?: number | undefined;
  /** Must not do any I/O. @param spoolDirectory of this destination alone @param keptDirectory where its bytes are kept */
  readonly create: (spoolDirectory: string, keptDirectory: string) => Destination;
}

export interface DestinationStatus {
  readonly name: string;
  readonly type: string;
  /**
   * `standby`: another worker ships to it. `retrying`: it takes nothing now, or a batch is being tried again.
   */
  readonly state: 'starting' | 'running' | 'retrying' | 'standby' | 'stopped';
  readonly problem?: string;
  readonly counts: ShippingCounts;
}

export interface DestinationsContext {
  readonly engine: Engine;
  readonly worker?: Pick<Worker, 'id' | 'isTrusted'>;
  /** For files that must not outlive this process. */
  readonly spoolDirectory: string;
  /** Holds the bytes of destinations that take them as they came, each in a folder of its name; outlives this process. */
  readonly keptDirectory?: string;
  /** Receives events for the operator: failures, batches that are given up. */
  readonly onEvent?: (destination: string, text: string) => void;
}

/** Ships closed batches to all destinations, each at its own pace. */
export class Destinations {
  readonly #running: readonly RunningDestination[];

  constructor(context: DestinationsContext, definitions: readonly DestinationDefinition[]) {
    this.#running = definitions.map((definition) => new RunningDestination(context, definition));
  }

  status(): DestinationStatus[] {
    return this.#running.map((destination) => destination.status());
  }

  /** Resolves when nothing is on its way any more. What was not acknowledged is shipped again at the next start. */
  async stop(): Promise<void> {
    await Promise.all(this.#running.map((destination) => destination.stop()));
  }
}

/** Texts of a destination that are remembered. */
const mostTold = 100;

class RunningDestination {
  readonly #context: DestinationsContext;
  readonly #definition: DestinationDefinition;
  readonly #counts = new ShippingCounts();
  readonly #ending = new AbortController();
  readonly #ended: Promise<void>;
  #state: DestinationStatus['state'] = 'starting';
  #problem: string | undefined;
  readonly #told = new Set<string>();

  constructor(context: DestinationsContext, definition: DestinationDefinition) {
    this.#context = context;
    this.#definition = definition;
    this.#ended = this.#run();
  }

  status(): DestinationStatus {
    const { name, type } = this.#definition;
    const problem = this.#problem ?? this.#counts.problem;
    const state = this.#state === 'running' && problem !== undefined ? 'retrying' : this.#state;
    return { name, type, state, ...(problem === undefined ? {} : { problem }), counts: this.#counts };
  }

  async stop(): Promise<void> {
    this.#ending.abort(new Error('tailrace is stopping'));
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { name } = this.#definition;
    const work: ClaimedWork = {
      ...this.#context,
      claim: `destination ${name}`,
      by: name,
      pauses: { firstMs: 1000, longestMs: 60_000 },
      work: (claimed) => this.#ship(claimed),
      onFailure: (cause) => this.#fail(cause),
    };
    await workWhileClaimed(work, this.#ending.signal);
    this.#state = 'stopped';
    this.#problem = undefined;
  }

  #fail(cause: Error): void {
    const { name } = this.#definition;
    if (cause instanceof ClaimedElsewhereError) {
      this.#state = 'standby';
      this.#problem = `a worker on host "${cause.host}" ships to it`;
      return;
    }
    this.#state = 'retrying';
    this.#counts.retries++;
    if (this.#problem !== cause.message) this.#context.onEvent?.(name, cause.message);
    this.#problem = cause.message;
  }

  /** What a destination repeats each time it is opened is told once. */
  #tell(text: string): void {
    if (this.#told.has(text)) return;
    if (this.#told.size >= mostTold) this.#told.clear();
    this.#told.add(text);
    this.#context.onEvent?.(this.#definition.name, text);
  }

  /** Ships until the signal aborts. @throws when the destination or the store takes nothing any more */
  async #ship({ worker, signal, onProgress }: Claimed): Promise<void> {
    const { engine } = this.#context;
    const { name, from, pipelines, mask, create } = this.#definition;
    const spoolDirectory = join(this.#context.spoolDirectory, name);
    const shipper = { engine, destination: name, pipelines, worker };
    const shippedBefore = this.#counts.batches;
    const destination = create(spoolDirectory, join(this.#context.keptDirectory ?? spoolDirectory, name));
    try {
      await shipBatches(shipper, from, destination, {
        signal,
        counts: this.#counts,
        mask,
        spoolDirectory,
        onReady: () => {
          this.#state = 'running';
          this.#problem = undefined;
        },
        onTell: (text) => this.#tell(text),
        onEvent: (text) => this.#context.onEvent?.(name, text),
      });
    } finally {
      if (this.#counts.batches > shippedBefore) onProgress();
      await destination.close();
    }
  }
}
