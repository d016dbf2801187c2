import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { ApiError } from './api-error.ts';
import { refuseConnection } from './refuse-connection.ts';

/** How slowly a request may come in before its connection is closed. */
export interface RequestPace {
  /** For all of its headers. */
  readonly headersMs: number;
  /** Of its body, {@link windowBytes} within each {@link windowMs}. */
  readonly windowMs: number;
  readonly windowBytes: number;
}

/** A kibibyte a second: less than any line that logs are sent over. */
export const usualPace: RequestPace = { headersMs: 20_000, windowMs: 30_000, windowBytes: 30 * 1024 };

/** Options of Node's HTTP server that hold headers to the pace. */
export function headerTimeouts({ headersMs }: RequestPace) {
  return { headersTimeout: headersMs, connectionsCheckingInterval: Math.ceil(headersMs / 4) };
}

/**
 * Closes connections whose bodies come too slowly, whoever reads them: each holds memory and a place among the requests.
 * Bytes are counted on the connection, because those of a body can be counted by its reader only.
 */
export function watchPace(server: Server, { windowMs, windowBytes }: RequestPace): void {
  server.on('request', (message: IncomingMessage, response: ServerResponse) => {
    if (!hasBody(message)) return;
    const { socket } = message;
    let before = socket.bytesRead;
    const look = setInterval(() => {
      if (message.complete) return clearInterval(look);
      const came = socket.bytesRead - before;
      before = socket.bytesRead;
      if (came >= windowBytes) return;
      clearInterval(look);
      if (response.headersSent) socket.destroy();
      else refuseConnection(socket, tooSlow(windowMs, windowBytes));
    }, windowMs);
    message.once('close', () => clearInterval(look));
  });
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function tooSlow(windowMs: number, windowBytes: number): ApiError {
  return new ApiError(
    408,
    'TAILRACE_REQUEST_TOO_SLOW',
    `cannot read the request: less than ${windowBytes} bytes of it came in ${windowMs / 1000} seconds`,
    { remedy: 'Send it again, at once.' },
  );
}
