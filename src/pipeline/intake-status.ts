import type { StoreSink } from './open-sink.ts';
import { RateMeter } from './rate-meter.ts';
import type { PipelineStatus } from './run-pipelines.ts';

/** The HTTP intakes as one more pipeline: they have no source that could lag or be asked. */
export class IntakeStatus {
  readonly #sink: StoreSink;
  readonly #meter = new RateMeter();

  constructor(sink: StoreSink) {
    this.#sink = sink;
    this.#meter.watch(() => sink.counts.lines);
  }

  read(): PipelineStatus {
    const { counts } = this.#sink;
    const { problem, retries } = counts;
    return {
      name: 'http',
      source: 'http',
      state: problem ? 'retrying' : 'running',
      ...(problem ? { problem } : {}),
      retries,
      parts: [],
      linesPerSecond: this.#meter.perSecond(),
      counts,
      isHeldBack: this.#sink.pressure().full,
    };
  }
}
