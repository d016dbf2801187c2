import { accessFields } from '../access-keys.ts';

/**
 * Keys of Traefik's access log as JSON, in lower case and with `_` for `-`. Headers are logged as `request_<name>` if
 * the configuration keeps them.
 * https://doc.traefik.io/traefik/reference/install-configuration/observability/logs-and-accesslogs/
 */
export const fields = accessFields(
  {
    time: ['startutc', 'startlocal', 'time'],
    url: ['requestpath'],
    method: ['requestmethod'],
    client: ['clienthost', 'clientaddr'],
    client_port: ['clientport'],
    host: ['requesthost', 'requestaddr'],
    scheme: ['requestscheme'],
    status: ['downstreamstatus'],
    bytes_sent: ['downstreamcontentsize'],
    bytes_received: ['requestcontentsize'],
    duration_ns: ['duration'],
    origin_lbl_ns: ['originduration'],
    user_agent: ['request_user_agent'],
    referer: ['request_referer'],
    cookie: ['request_cookie'],
    forwarded_for: ['request_x_forwarded_for'],
    http_version: ['requestprotocol'],
    tls_protocol: ['tlsversion'],
    tls_cipher: ['tlscipher'],
    content_type: ['downstream_content_type'],
    content_length: ['downstream_content_length'],
    request_id: ['request_x_request_id'],
  },
  {
    tls_protocol: {
      pattern: '^1[.][0-3]$',
      names: { '1.0': 'TLSv1', '1.1': 'TLSv1.1', '1.2': 'TLSv1.2', '1.3': 'TLSv1.3' },
    },
  },
);
