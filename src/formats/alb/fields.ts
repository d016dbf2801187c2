import type { Field } from '../format.ts';

const time = '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}[.0-9]*Z?$';
const seconds = '^(-1|[0-9]+([.][0-9]+)?)$';
/** Masked addresses have x for digits. */
const address = '^[0-9A-Fa-fxX*.:\\[\\]]+:[0-9]+$';

/**
 * Application Load Balancer access logs, in order. Fields were only ever appended: 16 in 2016, 34 in 2026.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
 */
export const fields: readonly Field[] = [
  { name: 'type', type: 'token', pattern: '^(https?|h2|grpcs?|wss?)$' },
  { name: 'time', type: 'iso-time', pattern: time },
  { name: 'elb', type: 'token' },
  { name: 'client:port', type: 'address', column: 'client_ip', pattern: address },
  { name: 'target:port', type: 'address' },
  { name: 'request_processing_time', type: 'seconds', pattern: seconds },
  { name: 'target_processing_time', type: 'seconds', pattern: seconds },
  { name: 'response_processing_time', type: 'seconds', pattern: seconds },
  { name: 'elb_status_code', type: 'integer', column: 'status', pattern: '^[0-9]{3}$' },
  { name: 'target_status_code', type: 'integer' },
  { name: 'received_bytes', type: 'integer', column: 'bytes_received' },
  { name: 'sent_bytes', type: 'integer', column: 'bytes_sent' },
  { name: 'request', type: 'request-line', encoding: 'backslash' },
  { name: 'user_agent', type: 'token', column: 'user_agent', encoding: 'backslash' },
  { name: 'ssl_cipher', type: 'token', column: 'tls_cipher', pattern: '^[A-Za-z0-9_-]+$' },
  { name: 'ssl_protocol', type: 'token', column: 'tls_protocol', pattern: '^(TLS|SSL)v[0-9.]+$' },
  { name: 'target_group_arn', type: 'token', pattern: '^arn:' },
  { name: 'trace_id', type: 'trace-id', column: 'request_id' },
  { name: 'domain_name', type: 'token' },
  { name: 'chosen_cert_arn', type: 'token' },
  { name: 'matched_rule_priority', type: 'integer' },
  { name: 'request_creation_time', type: 'text' },
  { name: 'actions_executed', type: 'token' },
  { name: 'redirect_url', type: 'text', encoding: 'backslash' },
  { name: 'error_reason', type: 'token', column: 'detailed_result' },
  { name: 'target:port_list', type: 'text' },
  { name: 'target_status_code_list', type: 'text' },
  { name: 'classification', type: 'token' },
  { name: 'classification_reason', type: 'token' },
  { name: 'conn_trace_id', type: 'text', column: 'connection_id' },
  { name: 'transformed_host', type: 'text', encoding: 'backslash' },
  { name: 'transformed_uri', type: 'text', encoding: 'backslash' },
  { name: 'request_transform_status', type: 'token' },
  { name: 'ip_address', type: 'ip' },
];
