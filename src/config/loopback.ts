/** Whether the host is reachable from this machine only: `localhost`, its subdomains, 127.0.0.0/8 and ::1. */
export function isLoopback(host: string): boolean {
  return /^(?:(?:[a-z0-9-]+\.)*localhost\.?|127(?:\.\d{1,3}){3}|::1)$/i.test(host);
}
