import { HttpSource } from '../http/http-source.ts';
import type { Sink } from '../source.ts';

/** A source that takes what is sent into a sink, for ever. */
export function runningHttpSource(sink: Sink, maxHeldBytes?: number): HttpSource {
  const source = new HttpSource(maxHeldBytes);
  void source.run(sink, new AbortController().signal);
  return source;
}
