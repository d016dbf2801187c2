import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Fate of a call: it passes (undefined), is answered with an error of this name, never arrives (`lost`), or is executed
 * without an answer (`unanswered`).
 */
export type Trouble = undefined | 'lost' | 'unanswered' | { readonly error: string; readonly status?: number };

/** @param action the last part of the header X-Amz-Target: `GetRecords` */
export type TroubleMaker = (action: string) => Trouble;

/** For tests: a proxy between the SDK and a server of AWS's JSON protocol that injects rare failures. */
export async function startTroubledWire(target: string, trouble: TroubleMaker) {
  const server = createServer((incoming, outgoing) => {
    const [, action = ''] = String(incoming.headers['x-amz-target']).split('.');
    const found = trouble(action);
    if (found === 'lost') incoming.socket.destroy();
    else if (typeof found === 'object') answer(outgoing, found.error, found.status ?? 400);
    else forward(target, incoming, outgoing, found === 'unanswered');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

function answer(outgoing: ServerResponse, name: string, status: number): void {
  outgoing.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': name });
  outgoing.end(JSON.stringify({ __type: name, message: 'not today' }));
}

function forward(target: string, incoming: IncomingMessage, outgoing: ServerResponse, isUnanswered: boolean): void {
  const { method, url: path, headers } = incoming;
  const onward = request(new URL(path ?? '/', target), { method: method ?? 'POST', headers }, (reply) => {
    if (isUnanswered) reply.resume().on('end', () => incoming.socket.destroy());
    else {
      outgoing.writeHead(reply.statusCode ?? 500, reply.headers);
      reply.pipe(outgoing);
    }
  });
  onward.on('error', () => incoming.socket.destroy());
  incoming.pipe(onward);
}
