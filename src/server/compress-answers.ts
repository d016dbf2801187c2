import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

const compress = promisify(gzip);

/** Smaller ones fit into one packet anyway. */
const leastBytes = 1400;

/**
 * Compresses answers in JSON for readers that take gzip; the console asks over slow links. Streams pass as they are:
 * what has come of an answer is sent at once, and one that breaks off is told by its missing end.
 */
export function compressAnswers(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload: unknown) => {
    const { audience = 'readers' } = request.routeOptions.config ?? {};
    const isText = typeof payload === 'string' || Buffer.isBuffer(payload);
    if (audience !== 'readers' || !isText || !isJson(reply.getHeader('content-type'))) return payload;
    reply.header('vary', 'accept-encoding');
    if (Buffer.byteLength(payload) < leastBytes || !takesGzip(request.headers['accept-encoding'])) return payload;
    reply.header('content-encoding', 'gzip').removeHeader('content-length');
    return compress(payload);
  });
}

function isJson(contentType: unknown): boolean {
  return typeof contentType === 'string' && contentType.startsWith('application/json');
}

/** `gzip;q=0` refuses it. */
function takesGzip(accepted: string | string[] | undefined): boolean {
  return String(accepted ?? '')
    .split(',')
    .map((coding) => coding.trim().replaceAll(' ', ''))
    .some((coding) => coding === 'gzip' || (coding.startsWith('gzip;q=') && Number(coding.slice(7)) > 0));
}
