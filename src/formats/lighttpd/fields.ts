import { addressPattern } from '../address-patterns.ts';
import type { Field } from '../format.ts';

/** Without `] "`, the end of a time and start of a request, which shows the rest of another, torn line. */
const oneLine = '^([^\\]]|\\]([^ ]|$| ([^"]|$)))*$';

/**
 * The default of mod_accesslog: as combined, with the server's name in place of `ident`.
 * https://redmine.lighttpd.net/projects/lighttpd/wiki/Mod_accesslog
 */
export const fields: readonly Field[] = [
  { name: 'host', type: 'ip', column: 'client_ip', pattern: addressPattern },
  { name: 'vhost', type: 'address', column: 'host' },
  { name: 'authuser', type: 'text', encoding: 'backslash', pattern: '^(-[^ ]+|[^ -][^ ]*)( +(-[^ ]+|[^ -][^ ]*))*$' },
  { name: 'datetime', type: 'clf-time' },
  { name: 'request', type: 'request-line', encoding: 'backslash', pattern: oneLine },
  { name: 'response', type: 'integer', column: 'status', pattern: '^[1-9][0-9]{2}$' },
  { name: 'bytes', type: 'integer', column: 'bytes_sent' },
  { name: 'referrer', type: 'text', column: 'referer', encoding: 'backslash', pattern: oneLine },
  { name: 'agent', type: 'token', column: 'user_agent', encoding: 'backslash', pattern: oneLine },
  { name: 'more', type: 'text' },
];
