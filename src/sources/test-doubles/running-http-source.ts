import { HttpSource } from '../http/http-source.ts';
import type { Sink } from '../source.ts';

/** A source that stores what is sent into a sink, without end. */
export function runningHttpSource(sink: Sink, maxHeldBytes?: number): HttpSource {
  const source = new HttpSource(maxHeldBytes);
  void source.run(sink, new AbortController().signal);
  return source;
}
