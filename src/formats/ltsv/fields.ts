import { accessFields, viewerTexts } from '../access-keys.ts';

/**
 * Labels that ltsv.org recommends for access logs, and common labels for other values.
 * http://ltsv.org/
 */
export const fields = accessFields(
  {
    time: ['time', 'time_local', 'time_iso8601', 'timestamp', 'msec', 'datetime'],
    request: ['req', 'request'],
    url: ['uri', 'request_uri', 'path', 'url'],
    method: ['method', 'request_method'],
    query: ['query', 'args', 'query_string'],
    client: ['host', 'remote_addr', 'remote_host', 'ip', 'client_ip', 'remotehost'],
    client_port: ['remote_port', 'port'],
    host: ['vhost', 'http_host', 'server_name', 'domain'],
    scheme: ['scheme', 'proto'],
    status: ['status', 'status_code'],
    bytes_sent: ['size', 'bytes_sent', 'body_bytes_sent', 'bytes'],
    bytes_received: ['reqsize', 'request_length'],
    duration_point: ['reqtime', 'request_time', 'taken_sec'],
    duration_us: ['reqtime_microsec', 'response_time_us'],
    origin_lbl: ['apptime', 'upstream_response_time', 'runtime', 'upstream_resptime'],
    user_agent: ['ua', 'user_agent', 'http_user_agent', 'useragent'],
    referer: ['referer', 'http_referer', 'referrer'],
    cookie: ['cookie', 'http_cookie'],
    forwarded_for: ['forwardedfor', 'x_forwarded_for', 'http_x_forwarded_for', 'xff'],
    http_version: ['protocol', 'server_protocol'],
    tls_protocol: ['ssl_protocol'],
    tls_cipher: ['ssl_cipher'],
    content_type: ['sent_http_content_type'],
    request_id: ['request_id', 'reqid', 'req_id', 'unique_id'],
  },
  viewerTexts('backslash'),
);
