import { addressPattern } from '../address-patterns.ts';
import { fields as combined } from '../combined/fields.ts';
import type { Field } from '../format.ts';

const same = (name: string): Field[] => combined.filter((field) => field.name === name);

/**
 * The default of mod_accesslog: as combined, with the server's name in place of `ident`.
 * https://redmine.lighttpd.net/projects/lighttpd/wiki/Mod_accesslog
 */
export const fields: readonly Field[] = [
  { name: 'host', type: 'ip', column: 'client_ip', pattern: addressPattern },
  ...['vhost', 'authuser', 'datetime', 'request', 'response', 'bytes', 'referrer', 'agent'].flatMap(same),
  { name: 'more', type: 'text' },
];
