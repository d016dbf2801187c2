import { accessFields } from '../access-keys.ts';

/**
 * Keys of Envoy's access log as JSON, as in Istio's configuration and Envoy's documentation, in lower case and with `_`
 * for `-`.
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage
 */
export const fields = accessFields({
  time: ['start_time', 'timestamp', 'time'],
  url: ['x_envoy_origin_path', 'x_envoy_original_path', 'path', ':path'],
  method: ['method', ':method'],
  client: ['downstream_remote_address', 'downstream_direct_remote_address', 'client_ip'],
  host: ['authority', ':authority', 'host'],
  scheme: ['scheme', 'x_forwarded_proto'],
  status: ['response_code', 'status'],
  bytes_sent: ['bytes_sent'],
  bytes_received: ['bytes_received'],
  duration_ms: ['duration', 'duration_ms'],
  origin_fbl_ms: ['upstream_service_time', 'x_envoy_upstream_service_time', 'response_duration'],
  user_agent: ['user_agent'],
  referer: ['referer'],
  forwarded_for: ['x_forwarded_for'],
  http_version: ['protocol'],
  tls_protocol: ['downstream_tls_version', 'tls_version'],
  tls_cipher: ['downstream_tls_cipher', 'tls_cipher'],
  request_id: ['request_id', 'x_request_id'],
});
