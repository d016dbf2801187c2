import { addressListPattern, addressPattern } from './address-patterns.ts';
import type { Field } from './format.ts';

const number = '^[0-9]+$';
const port = '^[0-9]{1,5}$';

/**
 * Fields of the W3C Extended Log File Format with the same meaning for all servers. A value that is not logged is
 * `-`, and a blank within a value is a plus.
 * https://www.w3.org/TR/WD-logfile.html
 */
export const w3cFields: readonly Field[] = [
  { name: 'date', type: 'date', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' },
  { name: 'time', type: 'clock', pattern: '^[0-9]{2}:[0-9]{2}:[0-9]{2}$' },
  { name: 's-ip', type: 'ip', pattern: addressPattern },
  { name: 's-port', type: 'integer', pattern: port },
  { name: 'c-ip', type: 'ip', column: 'client_ip', pattern: addressPattern },
  { name: 'c-port', type: 'integer', column: 'client_port', pattern: port },
  { name: 'cs-username', type: 'text', encoding: 'plus' },
  { name: 'cs-method', type: 'token', column: 'method', pattern: '^[A-Za-z][A-Za-z_-]*$' },
  { name: 'cs-uri-stem', type: 'text', column: 'path', pattern: '^(/|[*]$)' },
  { name: 'cs-uri-query', type: 'text', column: 'query' },
  { name: 'cs-version', type: 'token', column: 'http_version', pattern: '^HTTP/[0-9.]+$' },
  { name: 'cs-host', type: 'token', column: 'host', pattern: '^[^ /"\\x00-\\x1f\\x7f]+$' },
  { name: 'cs(User-Agent)', type: 'token', column: 'user_agent', encoding: 'plus' },
  { name: 'cs(Cookie)', type: 'text', column: 'cookie', encoding: 'plus' },
  { name: 'cs(Referer)', type: 'text', column: 'referer', encoding: 'plus' },
  { name: 'sc-status', type: 'integer', column: 'status', pattern: '^(0|[1-9][0-9]{2})$' },
  { name: 'sc-bytes', type: 'integer', column: 'bytes_sent', pattern: number },
  { name: 'cs-bytes', type: 'integer', column: 'bytes_received', pattern: number },
  {
    name: 'X-Forwarded-For',
    type: 'text',
    column: 'forwarded_for',
    encoding: 'plus',
    pattern: addressListPattern.replaceAll(' ?', '[ +]?'),
    isOptional: true,
  },
];
