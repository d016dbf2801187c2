import { addressListPattern, forwardedAddressPattern } from '../address-patterns.ts';
import type { Field } from '../format.ts';

/** Without `] "`, the end of a time and start of a request, which shows the rest of another, torn line. */
const oneLine = '^([^\\]]|\\]([^ ]|$| ([^"]|$)))*$';

/**
 * Access logs of Apache and nginx: `common`, `combined` and `vhost_combined`. The names are those that the Kinesis
 * Agent (`LOGTOJSON`) writes them as JSON.
 * https://httpd.apache.org/docs/current/mod/mod_log_config.html
 */
export const fields: readonly Field[] = [
  { name: 'vhost', type: 'address', column: 'host' },
  { name: 'host', type: 'forwarded-address', column: 'client_ip', pattern: forwardedAddressPattern },
  { name: 'ident', type: 'token' },
  // Names may have blanks. A dash of its own is a missing value: there is another prefix, or a value before the time.
  { name: 'authuser', type: 'text', encoding: 'backslash', pattern: '^(-[^ ]+|[^ -][^ ]*)( +(-[^ ]+|[^ -][^ ]*))*$' },
  { name: 'datetime', type: 'clf-time' },
  { name: 'request', type: 'request-line', encoding: 'backslash', pattern: oneLine },
  { name: 'response', type: 'integer', column: 'status', pattern: '^[1-9][0-9]{2}$' },
  { name: 'bytes', type: 'integer', column: 'bytes_sent' },
  { name: 'referrer', type: 'text', column: 'referer', encoding: 'backslash', pattern: oneLine },
  { name: 'agent', type: 'token', column: 'user_agent', encoding: 'backslash', pattern: oneLine },
  // The packaged configuration of nginx (`main`) has it; others write other values here.
  {
    name: 'http_x_forwarded_for',
    type: 'text',
    column: 'forwarded_for',
    pattern: addressListPattern,
    isOptional: true,
  },
];
