import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ApiError } from './api-error.ts';
import { securityHeaders } from './security-headers.ts';

/** Closing a connection while the client still sends resets it, and loses the answer. */
const lingerMs = 500;

/** Writes the answer directly to the socket when there is no request object, and closes it. */
export function refuseConnection(socket: Socket, { status, body }: ApiError): void {
  if (!socket.writable) return;
  const text = JSON.stringify(body);
  const headers = {
    ...securityHeaders,
    connection: 'close',
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${text}`);
  setTimeout(() => socket.destroy(), lingerMs);
}

/** Maps parser errors: not HTTP, or headers that are too slow or too large. */
export function refuseClient(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code !== 'ECONNRESET') refuseConnection(socket, explain(error));
}

function explain({ code }: { readonly code?: string }): ApiError {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ApiError(
        408,
        'TAILRACE_REQUEST_TOO_SLOW',
        'cannot read the request: its headers did not come in time',
        { remedy: 'Send it again, at once.' },
      );
    case 'HPE_HEADER_OVERFLOW':
      return new ApiError(431, 'TAILRACE_REQUEST_INVALID', 'cannot read the request: its headers are too large');
    default:
      return new ApiError(400, 'TAILRACE_REQUEST_INVALID', 'cannot read the request: it is not HTTP');
  }
}
