/** Address of the page of one thing, below that of all of them. */
export function namedAddress(page: string, name: string): string {
  return `${page}/${encodeURIComponent(name)}`;
}

/** @returns the name; empty for the page of all; null when the address is of another page */
export function readNamedAddress(page: string, hash: string): string | null {
  if (hash === page) return '';
  if (!hash.startsWith(`${page}/`)) return null;
  try {
    return decodeURIComponent(hash.slice(page.length + 1));
  } catch {
    return '';
  }
}
