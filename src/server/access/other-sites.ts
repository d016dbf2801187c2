import type { FastifyRequest } from 'fastify';
import { ApiError } from '../api-error.ts';

/**
 * Pages of other sites may link to this server and nothing else: a browser adds the password that somebody typed here to
 * whatever a stranger's page asks, and where no token is needed everybody's browser is inside. Browsers say where a
 * request comes from, by Sec-Fetch-Site where the connection is trusted and by Origin; other programs send neither.
 *
 * @throws ApiError `TAILRACE_ORIGIN_REFUSED`
 */
export function refuseOtherSites({ headers, method }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  if (site === 'same-origin' || site === 'none') return;
  const { origin, host } = headers;
  if (site !== undefined) {
    const isLink = headers['sec-fetch-mode'] === 'navigate' && ['GET', 'HEAD'].includes(method);
    if (isLink) return;
  } else if (origin === undefined || origin === `http://${host}` || origin === `https://${host}`) return;
  throw new ApiError(403, 'TAILRACE_ORIGIN_REFUSED', `cannot answer pages of "${origin ?? 'another site'}"`, {
    remedy: 'Ask from a program, or through a server of that site.',
  });
}
