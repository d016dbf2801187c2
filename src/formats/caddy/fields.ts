import { accessFields } from '../access-keys.ts';

/** TLS versions as numbers: https://www.iana.org/assignments/tls-parameters */
const versions = { '769': 'TLSv1', '770': 'TLSv1.1', '771': 'TLSv1.2', '772': 'TLSv1.3' };
const ciphers = {
  '4865': 'TLS_AES_128_GCM_SHA256',
  '4866': 'TLS_AES_256_GCM_SHA384',
  '4867': 'TLS_CHACHA20_POLY1305_SHA256',
  '49195': 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  '49196': 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  '49199': 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  '49200': 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  '52392': 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
  '52393': 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
};
/** Every header is a list. */
const header = { encoding: 'json-list', pattern: '.' } as const;

/**
 * Keys of Caddy's access log, in lower case and with `_` for `-`; keys in `request`, its headers and its `tls` are
 * prefixed with their path.
 * https://caddyserver.com/docs/logging
 */
export const fields = accessFields(
  {
    time: ['ts', 'time', 'timestamp'],
    url: ['request.uri'],
    method: ['request.method'],
    client: ['request.client_ip', 'request.remote_ip'],
    client_port: ['request.remote_port'],
    host: ['request.host'],
    status: ['status'],
    bytes_sent: ['size'],
    bytes_received: ['bytes_read'],
    duration: ['duration'],
    duration_written: ['duration'],
    user_agent: ['request.headers.user_agent'],
    referer: ['request.headers.referer'],
    cookie: ['request.headers.cookie'],
    forwarded_for: ['request.headers.x_forwarded_for'],
    http_version: ['request.proto'],
    tls_protocol: ['request.tls.version'],
    tls_cipher: ['request.tls.cipher_suite'],
    content_type: ['resp_headers.content_type'],
    content_length: ['resp_headers.content_length'],
    request_id: ['request.headers.x_request_id', 'uuid'],
  },
  {
    user_agent: header,
    referer: header,
    cookie: header,
    forwarded_for: header,
    request_id: header,
    content_type: header,
    content_length: { encoding: 'json-list', pattern: '^(\\["[0-9]{1,18}"\\]|[0-9]{1,18})$' },
    tls_protocol: { pattern: '^(769|77[0-2])$', names: versions },
    tls_cipher: { pattern: '^[0-9]{4,5}$', names: ciphers },
  },
);
