/** By code of the failure: the cause, and what to do. */
const faults: readonly (readonly [codes: RegExp, cause: string, remedy: string])[] = [
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'its name is not known', 'correct url, or check the name service'],
  [/^ECONNREFUSED$/, 'nothing listens there', 'start it, or correct the port in url'],
  [/^(EHOSTUNREACH|ENETUNREACH)$/, 'there is no route to it', 'check the network and the firewall'],
  [
    /^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|TimeoutError)$/,
    'it does not answer in time',
    'check its load, the network and the firewall',
  ],
  [/^CERT_HAS_EXPIRED$/, 'its certificate has expired', 'renew the certificate, and check the clock of this machine'],
  [/^CERT_NOT_YET_VALID$/, 'its certificate is not valid yet', 'check the clock of this machine'],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    'its certificate is for another name',
    'write a name in url that the certificate has',
  ],
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(GET|VERIFY)\w+)$/,
    'its certificate comes from an authority that is not known here',
    'name a file with the certificate of the authority in the variable NODE_EXTRA_CA_CERTS',
  ],
  [
    /^(ERR_SSL_\w+|EPROTO)$/,
    'it does not speak TLS as expected',
    'check whether url must begin with http: or https:, and the port',
  ],
  [
    /^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/,
    'it closed the connection',
    'check whether it is restarted, and what stands before it',
  ],
];

/** Why no answer came, with a remedy; never with an address or a header. */
export function explainNetworkFault(cause: unknown): string {
  const kind = kindOfFault(cause);
  const { message } = innermost(cause);
  const [, why, remedy] = faults.find(([codes]) => codes.test(kind)) ?? [];
  return why ? `${why} (${kind}); ${remedy}` : `${message}; check url and the network`;
}

/** `fetch` wraps the failure of the connection; several addresses of a name fail together. */
function innermost(cause: unknown): NodeJS.ErrnoException {
  const error = cause as NodeJS.ErrnoException;
  const [first] = error instanceof AggregateError ? error.errors : [];
  const inner = first ?? error.cause;
  return inner instanceof Error ? innermost(inner) : error;
}

/** `ECONNRESET`, `TimeoutError` */
export function kindOfFault(cause: unknown): string {
  const { name, code } = innermost(cause);
  // A DOMException has a number as code.
  return typeof code === 'string' ? code : name;
}
