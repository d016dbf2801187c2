import { totalmem } from 'node:os';

/** Share of this program beside the engine: two Node processes, spools in flight, answers. */
const programShare = 0.38;
const maxProgramBytes = 1024 ** 3;

export interface MemoryBudget {
  /** All statements of the embedded engine together. */
  readonly engineBytes: number;
  /** One INSERT. */
  readonly insertBytes: number;
  /** One user question; the configuration may lower it. */
  readonly questionBytes: number;
}

/**
 * Divides the memory available to this program: that of its container or service (cgroup), else of the machine.
 *
 * @param questions user queries that run at once
 */
export function shareMemory(questions: number, available = availableBytes()): MemoryBudget {
  const engineBytes = Math.floor(available - Math.min(available * programShare, maxProgramBytes));
  return {
    engineBytes,
    insertBytes: Math.floor(engineBytes * 0.6),
    questionBytes: Math.floor((engineBytes * 0.3) / questions),
  };
}

/** Lines that one thread buffers before it writes them: about 150 MB, less if memory is scarce. */
export function insertBlockRows(available = availableBytes()): number {
  const most = 98_304;
  const bytesPerRow = 1_600;
  return Math.min(most, Math.max(8_192, Math.floor(available / 24 / bytesPerRow)));
}

/** Bytes that one thread buffers before it writes them: long lines reach it first, and each is held ten times. */
export function insertBlockBytes(available = availableBytes()): number {
  return Math.min(48 * 1024 ** 2, Math.floor(available / 80));
}

function availableBytes(): number {
  const constrained = process.constrainedMemory();
  // Without a limit some kernels report a number near 2^63.
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
