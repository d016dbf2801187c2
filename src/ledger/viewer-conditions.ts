import { isIP } from 'node:net';

/** Whom to forget, by address. */
export interface Viewer {
  /** One address, or a network such as `203.0.113.0/24`. */
  readonly address: string;
  /** Only rows of earlier events, epoch ms; of rejects by arrival. */
  readonly beforeMs?: number;
}

/** SQL over the tables, with {@link viewerParams}. Texts mention an address in any of its forms, and alone, not within a longer one. */
export const viewerConditions = {
  requests: `(client_ip IN {forms:Array(String)} OR ({is_network:Bool} AND ${isIn('client_ip')})
    OR (forwarded_for != '' AND ${mentions('forwarded_for')})) AND time < {before:DateTime64(3)}`,
  logs: `(${mentions('message')} OR arrayExists(value -> ${mentions('value')}, mapValues(attributes))) AND time < {before:DateTime64(3)}`,
  rejects: `${mentions('line')} AND at < {before:DateTime64(3)}`,
  rollup_clients: `client_ip IN {forms:Array(String)} OR ({is_network:Bool} AND ${isIn('client_ip')})`,
};

/** @throws Error when it is neither an address nor a network */
export function viewerParams({ address, beforeMs }: Viewer): Record<string, unknown> {
  const [host = '', bits, ...rest] = address.split('/');
  const family = isIP(host);
  const most = family === 4 ? 32 : 128;
  const length = bits === undefined ? most : Number(bits);
  if (family === 0 || rest.length > 0 || !Number.isInteger(length) || length < 1 || length > most) {
    throw new Error(
      `cannot forget "${address}": it is neither an address nor a network; write 203.0.113.7 or 2001:db8::/48`,
    );
  }
  return {
    forms: formsOf(host, family),
    is_network: length < most,
    network: `${host}/${length}`,
    before: new Date(beforeMs ?? Date.UTC(2105, 0, 1)),
  };
}

/** How one address is written in columns; in texts any form is found. */
function formsOf(host: string, family: number): string[] {
  if (family === 4) return [host, `::ffff:${host}`];
  const canonical = new URL(`http://[${host}]`).hostname.slice(1, -1);
  return [...new Set([host, host.toLowerCase(), canonical, canonical.toUpperCase()])];
}

function isIn(text: string): string {
  const known = `(isIPv4String(${text}) OR isIPv6String(${text}))`;
  return `(${known} AND isIPAddressInRange(if(${known}, ${text}, '::'), {network:String}))`;
}

function mentions(text: string): string {
  const four = `extractAll(${text}, '[0-9]{1,3}(?:\\\\.[0-9]{1,3}){3}')`;
  const six = `extractAll(${text}, '[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}')`;
  return `arrayExists(found -> ${isIn('found')}, if(position({network:String}, ':') > 0, ${six}, ${four}))`;
}
