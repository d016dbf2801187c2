import type { FastifyInstance } from 'fastify';
import type { RunningRequests } from './running-requests.ts';

/** How long cancelled requests have to say so to their clients. */
const farewellMs = 1000;

/**
 * Stops listening at once, gives running requests `graceMs` to end, cancels those that did not, and at last cuts the
 * connections that are still open.
 */
export async function stopServer(app: FastifyInstance, running: RunningRequests, graceMs: number): Promise<void> {
  const cancel = setTimeout(() => running.abortAll(new Error('the server is closing')), graceMs);
  const cut = setTimeout(() => app.server.closeAllConnections(), graceMs + farewellMs);
  try {
    await app.close();
  } finally {
    clearTimeout(cancel);
    clearTimeout(cut);
  }
}
