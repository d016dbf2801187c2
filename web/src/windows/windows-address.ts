import { namedAddress } from '../view/named-address.ts';

export const windowsAddress = '#/windows';

/** Of the editor. @param name of the query that the draft begins with; empty: a new one */
export function draftAddress(name: string): string {
  return namedAddress(windowsAddress, `+${name}`);
}

/** @param shown name in the address. @returns the query that the draft begins with; undefined when it is no draft */
export function readDraftName(shown: string): string | undefined {
  // No query has such a name.
  return shown.startsWith('+') ? shown.slice(1) : undefined;
}
