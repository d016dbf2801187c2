import type { FastifyInstance } from 'fastify';
import type { RunningRequests } from './running-requests.ts';

/** Time for cancelled requests to send their error. */
const farewellMs = 1000;

/**
 * Stops listening at once, gives running requests `graceMs` to finish, cancels the rest, and finally closes the
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
