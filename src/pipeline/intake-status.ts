import type { StoreSink } from './open-sink.ts';
import { RateMeter } from './rate-meter.ts';
import type { PipelineStatus } from './run-pipelines.ts';

const meters = new WeakMap<StoreSink, RateMeter>();

/** The HTTP intakes as one more pipeline: they have no source that could lag or be asked. */
export function httpStatus(sink: StoreSink): PipelineStatus {
  let meter = meters.get(sink);
  if (!meter) {
    meter = new RateMeter();
    meter.watch(() => sink.counts.lines);
    meters.set(sink, meter);
  }
  const { problem, retries } = sink.counts;
  return {
    name: 'http',
    source: 'http',
    state: problem ? 'retrying' : 'running',
    ...(problem ? { problem } : {}),
    retries,
    parts: [],
    linesPerSecond: meter.perSecond(),
    counts: sink.counts,
    isHeldBack: sink.pressure().full,
  };
}
