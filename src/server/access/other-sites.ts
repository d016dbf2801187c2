import type { FastifyRequest } from 'fastify';
import { ApiError } from '../api-error.ts';

/**
 * Refuses cross-site requests other than links: a browser adds saved credentials to the requests of any page, and
 * without a token every local browser has access. Browsers report where a request comes from, with Sec-Fetch-Site on
 * trusted connections and with Origin; other clients send neither.
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
