import type { Field } from '../format.ts';

const number = '^[0-9]+$';
const integer = (name: string): Field => ({ name, type: 'integer', pattern: number });
const token = (name: string): Field => ({ name, type: 'token' });
/** Milliseconds; -1 if the stage was not reached. */
const timer = (name: string): Field => ({ name, type: 'token', pattern: '^-?[0-9]+$' });

/**
 * `option httplog`, named as in the manual: `TR` waits for the request, `Tw` in queues, `Tc` for the connection to the
 * server, `Tr` for its response, `Ta` is all of it.
 * https://docs.haproxy.org/3.0/configuration.html#8.2.3
 */
export const fields: readonly Field[] = [
  { name: 'client', type: 'address', column: 'client_ip', pattern: '^[^ ]*[.:][^ ]*:[0-9]{1,5}$' },
  { name: 'request_date', type: 'any-time', pattern: '^[0-9]{2}/[A-Z][a-z]{2}/' },
  token('frontend_name'),
  token('backend_name'),
  token('server_name'),
  timer('TR'),
  timer('Tw'),
  timer('Tc'),
  timer('Tr'),
  { name: 'Ta', type: 'milliseconds', column: 'duration', pattern: '^(-1|[0-9]+)$' },
  { name: 'status_code', type: 'integer', column: 'status', pattern: '^(-1|[1-9][0-9]{2})$' },
  { name: 'bytes_read', type: 'integer', column: 'bytes_sent', pattern: number },
  token('captured_request_cookie'),
  token('captured_response_cookie'),
  { name: 'termination_state', type: 'token', pattern: '^[A-Za-z-]{4}$' },
  ...['actconn', 'feconn', 'beconn', 'srv_conn', 'retries', 'srv_queue', 'backend_queue'].map(integer),
  { name: 'captured_request_headers', type: 'text' },
  { name: 'captured_response_headers', type: 'text' },
  { name: 'http_request', type: 'request-line' },
  { name: 'more', type: 'text' },
];
