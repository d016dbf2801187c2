import type { Field } from '../format.ts';
import {
  certificatePattern,
  cipherPattern,
  endpointPattern,
  hostNamePattern,
  numberPattern,
  protocolPattern,
  requestPattern,
  secondsPattern,
  statusPattern,
  timePattern,
} from '../load-balancer-patterns.ts';

const endpoints = '^[0-9A-Fa-fxX*.:\\[\\] ]+:[0-9]+$';
const code = '^[A-Z][0-9A-Za-z]+$';

/**
 * Application Load Balancer access logs, in order. Fields were only ever appended: 16 in 2016, 34 in 2026.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
 */
export const fields: readonly Field[] = [
  { name: 'type', type: 'token', pattern: '^(https?|h2|grpcs?|wss?)$' },
  { name: 'time', type: 'iso-time', pattern: timePattern },
  { name: 'elb', type: 'token', pattern: '^[0-9A-Za-z/_-]+$' },
  { name: 'client:port', type: 'address', column: 'client_ip', pattern: endpointPattern },
  { name: 'target:port', type: 'address', pattern: endpointPattern },
  { name: 'request_processing_time', type: 'seconds', pattern: secondsPattern },
  { name: 'target_processing_time', type: 'seconds', pattern: secondsPattern },
  { name: 'response_processing_time', type: 'seconds', pattern: secondsPattern },
  { name: 'elb_status_code', type: 'integer', column: 'status', pattern: statusPattern },
  { name: 'target_status_code', type: 'integer', pattern: '^([0-9]{3}|0)$' },
  { name: 'received_bytes', type: 'integer', column: 'bytes_received', pattern: numberPattern },
  { name: 'sent_bytes', type: 'integer', column: 'bytes_sent', pattern: numberPattern },
  { name: 'request', type: 'request-line', encoding: 'backslash', pattern: requestPattern },
  { name: 'user_agent', type: 'token', column: 'user_agent', encoding: 'backslash' },
  { name: 'ssl_cipher', type: 'token', column: 'tls_cipher', pattern: cipherPattern },
  { name: 'ssl_protocol', type: 'token', column: 'tls_protocol', pattern: protocolPattern },
  { name: 'target_group_arn', type: 'token', pattern: '^arn:' },
  { name: 'trace_id', type: 'trace-id', column: 'request_id', pattern: '^[!#-~]+$' },
  { name: 'domain_name', type: 'token', pattern: hostNamePattern },
  { name: 'chosen_cert_arn', type: 'token', pattern: certificatePattern },
  { name: 'matched_rule_priority', type: 'integer', pattern: '^-?[0-9]+$' },
  { name: 'request_creation_time', type: 'text', pattern: timePattern },
  { name: 'actions_executed', type: 'token', pattern: '^[a-z-]+(,[a-z-]+)*$' },
  { name: 'redirect_url', type: 'text', encoding: 'backslash' },
  { name: 'error_reason', type: 'token', column: 'detailed_result', pattern: code },
  { name: 'target:port_list', type: 'text', pattern: endpoints },
  { name: 'target_status_code_list', type: 'text', pattern: '^([0-9]{3}|-)( ([0-9]{3}|-))*$' },
  { name: 'classification', type: 'token', pattern: '^(Acceptable|Ambiguous|Severe)$' },
  { name: 'classification_reason', type: 'token', pattern: code },
  { name: 'conn_trace_id', type: 'text', column: 'connection_id', pattern: '^TID_[0-9A-Za-z]+$' },
  { name: 'transformed_host', type: 'text', encoding: 'backslash', pattern: hostNamePattern },
  { name: 'transformed_uri', type: 'text', encoding: 'backslash' },
  { name: 'request_transform_status', type: 'token', pattern: code },
  { name: 'ip_address', type: 'ip' },
];
