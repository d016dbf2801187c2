import { ApiError } from './api-error.ts';

/**
 * Whether a request may be answered that was sent to this Host. A page of a stranger can make its own name resolve to
 * 127.0.0.1 (DNS rebinding) and so read a server that trusts everybody on this machine; its name in the Host header
 * gives it away. A server on a public address is reached by names that it cannot know.
 *
 * @param bound where the server listens
 * @param allowed further names, e.g. of a proxy before it
 * @returns a check of the Host header of a request; it throws ApiError `TAILRACE_HOST_REFUSED`
 */
export function createHostCheck(bound: string, allowed: readonly string[] = []): (host: string | undefined) => void {
  if (!isLoopback(bound)) return () => {};
  const names = new Set([bound, ...allowed].map((name) => name.toLowerCase()));
  return (host) => {
    // Browsers always send one; HTTP/1.0 health checks do not.
    if (host === undefined) return;
    const name = hostName(host);
    if (name !== undefined && (isLoopback(name) || names.has(name))) return;
    throw new ApiError(
      403,
      'TAILRACE_HOST_REFUSED',
      `cannot answer for the host "${host}": this server is for this machine only`,
      {
        remedy: `Open it as http://${bound.includes(':') ? `[${bound}]` : bound} with its port. Behind a proxy, name the proxy's host in server.allowedHosts.`,
      },
    );
  };
}

/** `localhost`, its subdomains, 127.0.0.0/8 and ::1. */
export function isLoopback(name: string): boolean {
  return /^(?:(?:[a-z0-9-]+\.)*localhost\.?|127(?:\.\d{1,3}){3}|::1)$/i.test(name);
}

/** `[::1]:4280` → `::1`, `localhost:4280` → `localhost`; undefined for what is no host. */
function hostName(host: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]/@\s]+))(?::\d*)?$/i.exec(host);
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}
