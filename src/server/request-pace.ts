import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { ApiError } from './api-error.ts';
import { refuseConnection } from './refuse-connection.ts';

/** Minimum pace of a request; the connection of a slower one is closed. */
export interface RequestPace {
  /** Time limit for all headers. */
  readonly headersMs: number;
  /** Of the body, {@link windowBytes} must arrive within each {@link windowMs}. */
  readonly windowMs: number;
  readonly windowBytes: number;
}

/** One KiB per second: slower than any connection that logs are sent over. */
export const usualPace: RequestPace = { headersMs: 20_000, windowMs: 30_000, windowBytes: 30 * 1024 };

/** Options of Node's HTTP server that enforce the pace of headers. */
export function headerTimeouts({ headersMs }: RequestPace) {
  return { headersTimeout: headersMs, connectionsCheckingInterval: Math.ceil(headersMs / 4) };
}

/**
 * Closes connections whose bodies arrive too slowly, since each holds memory and a request slot. Bytes are counted on
 * the connection, because only the reader of a body could count those of the body.
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
