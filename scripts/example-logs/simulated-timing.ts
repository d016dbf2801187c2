import { drawLogNormal } from './draw.ts';
import type { Edge } from './edges.ts';

/** Seconds since the request reached the edge. */
export interface SimulatedTiming {
  readonly firstByte: number;
  readonly lastByte: number;
  /** From the origin; absent when it was not asked. */
  readonly origin?: { readonly firstByte: number; readonly lastByte: number };
}

interface Transfer {
  readonly line: number;
  readonly viewer: string;
  readonly bytes: number;
  /** x-edge-response-result-type */
  readonly result: string;
  readonly edge: Edge;
  /** Whether the origin computes the answer instead of reading a file. */
  readonly computed: boolean;
}

/** The edge answers in milliseconds, the origin after a round trip and its own work; then the viewer's line is the limit. */
export function simulateTiming({ line, viewer, bytes, result, edge, computed }: Transfer): SimulatedTiming {
  const own = drawLogNormal('edge work', line, result === 'Redirect' ? 0.001 : 0.006, 0.8);
  const viewerBytesPerSecond = drawLogNormal('viewer speed', viewer, 1_600_000, 0.8);
  // What fits into the socket's buffer is gone at once.
  const transfer = Math.max(0, bytes - 65_536) / viewerBytesPerSecond;
  if (result === 'Hit' || result === 'Redirect') return { firstByte: own, lastByte: own + transfer };
  const roundTrips = drawLogNormal('new connection', line, 1, 0.35);
  const work = drawLogNormal('origin work', line, computed ? 0.06 : 0.012, 0.7);
  const originFirst = edge.originRoundTrip * roundTrips + (result === 'RefreshHit' ? work / 4 : work);
  const originLast = originFirst + (result === 'RefreshHit' ? 0 : bytes / originBytesPerSecond);
  const firstByte = own + originFirst;
  return {
    firstByte,
    lastByte: Math.max(firstByte + transfer, own + originLast),
    origin: { firstByte: originFirst, lastByte: originLast },
  };
}

const originBytesPerSecond = 25_000_000;
