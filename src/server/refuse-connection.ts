import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ApiError } from './api-error.ts';
import { securityHeaders } from './security-headers.ts';

/** A connection that is closed while its other end still sends is reset, and the answer is lost with it. */
const lingerMs = 500;

/** Answers on the connection itself, where there is no request that could be answered, and closes it. */
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

/** What is no HTTP, or too slow or too large before it is a request. */
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
