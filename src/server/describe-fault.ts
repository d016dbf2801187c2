import type { FastifyRequest } from 'fastify';

const maxMessageChars = 500;
const maxFrames = 8;

/**
 * A failed request for whoever mends the program, in one line: which request, what was thrown, and where. Of the request it
 * says nothing that the client wrote, and what was thrown cannot break the line or steer a terminal.
 */
export function describeFault(error: unknown, { id, method, routeOptions }: FastifyRequest): string {
  const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  const frames = [...stack.matchAll(/^ +at (.+)$/gm)].slice(0, maxFrames).map(([, frame]) => frame);
  const cause = `${name}: ${message.slice(0, maxMessageChars)}`;
  const text = `cannot answer request "${id}" (${method} ${routeOptions.url ?? 'elsewhere'}): ${cause}; at ${frames.join(' < ')}`;
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
}
