import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { InputHints } from '../layouts/find-layout.ts';
import type { LineRules } from '../layouts/line-rules.ts';
import { claimInput } from '../ledger/claim-input.ts';
import type { Source, SourceStatus } from '../sources/source.ts';
import type { BatchContext } from './batch-context.ts';
import { openSink, type StoreSink } from './open-sink.ts';
import { RateMeter } from './rate-meter.ts';
import { SinkCounts } from './sink-counts.ts';

/** One source and how its lines are stored. */
export interface PipelineDefinition {
  readonly name: string;
  /** Changes with the pipeline's configuration: a new configuration leaves a pipeline with equal identity running. */
  readonly identity: string;
  /** Must not do any I/O. */
  readonly createSource: (spoolDirectory: string) => Source;
  /** Called when the pipeline starts, since columns may be fetched from a service. */
  readonly readHints: () => Promise<InputHints>;
  /** Which lines are excluded and which values are masked. */
  readonly rules?: LineRules;
}

export interface PipelineStatus {
  readonly name: string;
  readonly source: string;
  readonly state: SourceStatus['state'] | 'failed';
  /** Description of the current problem. */
  readonly problem?: string;
  /** Retried calls of the source, plus retried batches. */
  readonly retries: number;
  readonly outcomes: NonNullable<SourceStatus['outcomes']>;
  readonly parts: SourceStatus['parts'];
  readonly linesPerSecond: number;
  /** Maximum over the parts. */
  readonly lagMs?: number;
  readonly oldestUnacknowledgedMs?: number;
  readonly counts: SinkCounts;
  /** Whether the sink is full, so that the source is held back. */
  readonly isHeldBack: boolean;
}

export interface PipelinesOptions {
  /** For bytes on their way into the store; each pipeline has its own directory in it. */
  readonly spoolDirectory: string;
  /** Receives events for the operator: events of the store, failed sources. */
  readonly onEvent?: (pipeline: string, text: string) => void;
}

/** Delay before retrying after a failure that needs manual action. */
const failedPauseMs = 15_000;

/** Runs pipelines in parallel; a failure of one does not affect the others. */
export class Pipelines {
  readonly #context: BatchContext;
  readonly #options: PipelinesOptions;
  readonly #running = new Map<string, RunningPipeline>();
  #applying: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(context: BatchContext, options: PipelinesOptions) {
    this.#context = context;
    this.#options = options;
  }

  /**
   * Starts new pipelines, stops removed ones, and leaves unchanged ones running. Calls run one after the other. Starts
   * nothing after {@link stop}, because the store is closed then.
   */
  apply(definitions: readonly PipelineDefinition[]): Promise<void> {
    this.#applying = this.#applying.then(() => this.#apply(definitions));
    return this.#applying;
  }

  async #apply(definitions: readonly PipelineDefinition[]): Promise<void> {
    const wanted = new Map(definitions.map((definition) => [definition.name, definition]));
    const gone = [...this.#running].filter(
      ([name, { definition }]) => wanted.get(name)?.identity !== definition.identity,
    );
    await Promise.all(
      gone.map(async ([name, pipeline]) => {
        await pipeline.stop();
        this.#running.delete(name);
      }),
    );
    if (this.#isStopped) return;
    for (const definition of definitions) {
      if (!this.#running.has(definition.name)) {
        this.#running.set(definition.name, new RunningPipeline(this.#context, definition, this.#options));
      }
    }
  }

  status(): PipelineStatus[] {
    return [...this.#running.values()].map((pipeline) => pipeline.status());
  }

  /** Resolves when nothing is in flight any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all([...this.#running.values()].map((pipeline) => pipeline.stop()));
    await this.#applying;
    this.#running.clear();
  }
}

class RunningPipeline {
  readonly definition: PipelineDefinition;
  readonly #counts = new SinkCounts();
  readonly #ending = new AbortController();
  readonly #ended: Promise<void>;
  readonly #spoolDirectory: string;
  readonly #meter = new RateMeter();
  #source: Source;
  #sink: StoreSink | undefined;
  #failure: string | undefined;

  constructor(context: BatchContext, definition: PipelineDefinition, options: PipelinesOptions) {
    this.definition = definition;
    this.#spoolDirectory = join(options.spoolDirectory, definition.name);
    this.#source = this.#createSource();
    this.#meter.watch(() => this.#counts.lines);
    this.#ended = this.#run(context, (text) => options.onEvent?.(definition.name, text));
  }

  async stop(): Promise<void> {
    this.#ending.abort(new Error('the pipeline is stopping'));
    await this.#ended;
    this.#meter.stop();
  }

  status(): PipelineStatus {
    const source = this.#source.status();
    const counts = this.#counts;
    const { name } = this.definition;
    const problem = this.#failure ?? counts.problem ?? source.problem;
    const lagMs = greatest(source.parts.map((part) => part.lagMs));
    const oldestUnacknowledgedMs = greatest(source.parts.map((part) => part.oldestUnacknowledgedMs));
    return {
      name,
      source: this.#source.type,
      state: this.#failure ? 'failed' : counts.problem ? 'retrying' : source.state,
      ...(problem ? { problem } : {}),
      retries: source.retries + counts.retries,
      outcomes: source.outcomes ?? {},
      parts: source.parts,
      linesPerSecond: this.#meter.perSecond(),
      ...(lagMs === undefined ? {} : { lagMs }),
      ...(oldestUnacknowledgedMs === undefined ? {} : { oldestUnacknowledgedMs }),
      counts,
      isHeldBack: this.#sink?.pressure().full ?? false,
    };
  }

  #createSource(): Source {
    return this.definition.createSource(join(this.#spoolDirectory, 'fetched'));
  }

  async #run(context: BatchContext, onEvent: (text: string) => void): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      try {
        await this.#runOnce(context, onEvent);
        // The input ended: nothing more to do.
        return;
      } catch (cause) {
        if (signal.aborted) return;
        const { message } = cause as Error;
        if (message !== this.#failure) onEvent(message);
        this.#failure = message;
        await delay(failedPauseMs, undefined, { signal }).catch(() => {});
        // A source can be run only once.
        this.#source = this.#createSource();
      }
    }
  }

  /**
   * Each run has its own sink: a failed source may have left calls in flight, and where the next one resumes is unknown
   * until these are stored or given up.
   */
  async #runOnce(context: BatchContext, onEvent: (text: string) => void): Promise<void> {
    const hints = await this.definition.readHints();
    const spoolDirectory = join(this.#spoolDirectory, 'lines');
    const settings = { hints, spoolDirectory, onEvent, counts: this.#counts };
    const { name, rules } = this.definition;
    const input = await this.#source.exclusiveInput?.();
    const claim = input === undefined ? undefined : await claimInput({ ...context, pipeline: name }, input);
    const worker = claim?.worker ?? context.worker;
    try {
      const store = { ...context, pipeline: name, ...(worker ? { worker } : {}), ...(rules ? { rules } : {}) };
      const sink = openSink(store, settings);
      this.#sink = sink;
      this.#failure = undefined;
      const signals = [this.#ending.signal, ...(claim ? [claim.lost] : [])];
      await this.#source.run(sink, AbortSignal.any(signals)).finally(() => sink.close());
      claim?.lost.throwIfAborted();
    } finally {
      await claim?.release();
      this.#counts.recover();
    }
  }
}

function greatest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
