import { isLoopback } from '../../config/loopback.ts';
import { ApiError } from '../api-error.ts';

/**
 * Checks the Host header against DNS rebinding: a hostile page can make its own name resolve to the address of this
 * server, and so read it through the browser of an authorized user; the Host header then holds that name. So only the
 * address that the server listens on passes, and configured names.
 *
 * @param bound where the server listens: a name, an address, or all addresses (`0.0.0.0`, `::`)
 * @param allowed further names that users or a proxy use
 * @returns a check of the Host header and of the server's own address of a connection; it throws ApiError
 *   `TAILRACE_HOST_REFUSED`
 */
export function createHostCheck(
  bound: string,
  allowed: readonly string[] = [],
): (host: string | undefined, localAddress: string | undefined) => void {
  const names = new Set([bound, ...allowed].map((name) => name.toLowerCase()));
  const isOnLoopback = isLoopback(bound) || isEveryAddress(bound);
  return (host, localAddress) => {
    // Browsers always send a Host; HTTP/1.0 health checks do not.
    if (host === undefined) return;
    const name = hostName(host);
    if (name !== undefined) {
      if (names.has(name) || name === plainAddress(localAddress)) return;
      if (isOnLoopback && isLoopback(name)) return;
    }
    const url = isLoopback(bound)
      ? `http://${bound.includes(':') ? `[${bound}]` : bound} with its port`
      : 'its address';
    throw new ApiError(
      403,
      'TAILRACE_HOST_REFUSED',
      `cannot answer for the host "${host}": this server does not know that name`,
      { remedy: `Open it as ${url}, or add the name to server.allowedHosts; a proxy's name, too.` },
    );
  };
}

function isEveryAddress(bound: string): boolean {
  return /^(?:0\.0\.0\.0|[0:]+)$/.test(bound);
}

/** A dual-stack socket reports `::ffff:192.0.2.1` for `192.0.2.1`. */
function plainAddress(address: string | undefined): string | undefined {
  return address?.toLowerCase().replace(/^::ffff:(\d+\.)/, '$1');
}

/** `[::1]:4280` → `::1`, `localhost:4280` → `localhost`; undefined for an invalid host. */
function hostName(host: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]/@\s]+))(?::\d*)?$/i.exec(host);
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}
