import { carriers } from '../framing/events/carrier.ts';
import type { JoinOptions } from '../framing/events/event-joiner.ts';
import { type BatchLayout, isColumnLayout, isRefused } from './batch-layout.ts';
import { makesOtherLines } from './opening/opening-step.ts';

/**
 * How lines of a layout are joined to events before the engine reads them; empty where no line continues another.
 * Lines of access logs are whole events, but a container runtime may split them.
 */
export function joinOptions(layout: BatchLayout): Pick<JoinOptions, 'carrier' | 'joinsTraces'> | undefined {
  if (isRefused(layout) || makesOtherLines(layout.opening)) return undefined;
  const carrier = carriers.find((name) => layout.opening?.includes(name));
  const joinsTraces = !isColumnLayout(layout) && !layout.onlyJson;
  return carrier || joinsTraces ? { joinsTraces, ...(carrier ? { carrier } : {}) } : undefined;
}
