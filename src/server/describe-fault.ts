import type { FastifyRequest } from 'fastify';

const maxMessageChars = 500;
const maxFrames = 8;

/**
 * Describes a failed request for developers, in one line: which route, what was thrown, and where. It repeats no text
 * of the client, and strips control characters, so that the thrown message cannot break the line or control a terminal.
 */
export function describeFault(error: unknown, { id, method, routeOptions }: FastifyRequest): string {
  const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  const frames = [...stack.matchAll(/^ +at (.+)$/gm)].slice(0, maxFrames).map(([, frame]) => frame);
  const cause = `${name}: ${message.slice(0, maxMessageChars)}`;
  const text = `cannot answer request "${id}" (${method} ${routeOptions.url ?? 'elsewhere'}): ${cause}; at ${frames.join(' < ')}`;
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
}
