import { addressListPattern, endpointPattern } from '../address-patterns.ts';
import type { Field } from '../format.ts';

const number = '^[0-9]+$';
const visible = '^[!#-~]+$';
/** Sockets of the host have a path or an abstract name, internal listeners a name of Envoy's. */
const peer = `${endpointPattern}|^(?:/|@|envoy:)[!-~]*$`;

/**
 * Envoy's default line, and after `response_flags` and at the end what Istio adds to it. The names are those of Envoy's
 * operators, as in its JSON.
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#default-format-string
 */
export const fields: readonly Field[] = [
  { name: 'start_time', type: 'iso-time' },
  { name: 'request', type: 'request-line' },
  { name: 'response_code', type: 'integer', column: 'status', pattern: '^(0|[1-9][0-9]{2})$' },
  { name: 'response_flags', type: 'token', pattern: '^[A-Za-z,_]+$' },
  { name: 'response_code_details', type: 'token' },
  { name: 'connection_termination_details', type: 'token' },
  { name: 'upstream_transport_failure_reason', type: 'text' },
  { name: 'bytes_received', type: 'integer', column: 'bytes_received', pattern: number },
  { name: 'bytes_sent', type: 'integer', column: 'bytes_sent', pattern: number },
  { name: 'duration', type: 'milliseconds', column: 'duration', pattern: number },
  { name: 'upstream_service_time', type: 'milliseconds', column: 'origin_fbl', pattern: number },
  {
    name: 'x_forwarded_for',
    type: 'text',
    column: 'forwarded_for',
    pattern: addressListPattern,
    isOptional: true,
  },
  { name: 'user_agent', type: 'token', column: 'user_agent' },
  { name: 'request_id', type: 'token', column: 'request_id', pattern: visible },
  { name: 'authority', type: 'token', column: 'host', pattern: '^[!#-.0-~]+$' },
  { name: 'upstream_host', type: 'token' },
  { name: 'upstream_cluster', type: 'token' },
  { name: 'upstream_local_address', type: 'token' },
  { name: 'downstream_local_address', type: 'token' },
  { name: 'downstream_remote_address', type: 'address', column: 'client_ip', pattern: peer },
  { name: 'requested_server_name', type: 'token' },
  { name: 'route_name', type: 'text' },
];
