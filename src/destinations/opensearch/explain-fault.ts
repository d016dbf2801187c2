import { type Answer, type ErrorCause, errorOf } from './answer.ts';

/** Why a cluster takes nothing now, with a remedy. */
export class ClusterFault extends Error {
  /** It is busy or restarting: asking again soon may help. */
  readonly isPassing: boolean;

  constructor(message: string, { cause, isPassing = false }: { cause?: unknown; isPassing?: boolean } = {}) {
    super(message, { cause });
    this.isPassing = isPassing;
  }
}

const certificate = 'NODE_EXTRA_CA_CERTS names a file with the certificate of its authority';

const noAnswers: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there; start it, or correct url',
  ENOTFOUND: 'there is no such host; correct url',
  EAI_AGAIN: 'the name of the host cannot be resolved now; check DNS',
  EHOSTUNREACH: 'there is no way to the host; check the network',
  ENETUNREACH: 'there is no way to the host; check the network',
  ETIMEDOUT: 'the host does not answer; check the network and its firewall',
  UND_ERR_CONNECT_TIMEOUT: 'the host does not answer; check the network and its firewall',
  CERT_HAS_EXPIRED: 'its certificate has expired; renew it, or set the clock of this machine if it is fast',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; set the clock of this machine if it is slow',
  DEPTH_ZERO_SELF_SIGNED_CERT: `its certificate is signed by itself; ${certificate}`,
  SELF_SIGNED_CERT_IN_CHAIN: `the authority of its certificate is not known here; ${certificate}`,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: `the authority of its certificate is not known here; ${certificate}`,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: `the authority of its certificate is not known here; ${certificate}`,
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host; write the name of the certificate in url',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS; write http:// in url',
  EPROTO: 'TLS fails; write http:// in url if it does not speak TLS',
};

/** Connections that ended: the server may be restarting. */
const passing = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'];

export function explainNoAnswer(url: string, thrown: unknown): ClusterFault {
  const { cause = thrown, name } = thrown as Error;
  const { code = '', message } = cause as NodeJS.ErrnoException;
  if (name === 'TimeoutError') {
    return new ClusterFault(cannot(url, 'no answer for two minutes; check its load'), {
      cause: thrown,
      isPassing: true,
    });
  }
  if (passing.includes(code)) {
    return new ClusterFault(cannot(url, 'the connection ended without an answer; check whether it is restarted'), {
      cause: thrown,
      isPassing: true,
    });
  }
  return new ClusterFault(cannot(url, noAnswers[code] ?? `${message || code}; check url and the network`), {
    cause: thrown,
  });
}

/** @param doing what was asked for: `create documents` */
export function explainAnswer(url: string, doing: string, answer: Answer): ClusterFault {
  const { status } = answer;
  const error = errorOf(answer);
  const said = quoteReason(error.reason ?? '');
  if (status === 429 || status >= 500) {
    const remedy = 'it is tried again; if it stays so, check the health and load of the cluster';
    return new ClusterFault(cannot(url, `it answers ${status} (${said}); ${remedy}`), { isPassing: true });
  }
  if (status === 401) {
    return new ClusterFault(
      cannot(url, `it does not accept who asks (${said}); correct username and password, or apiKey`),
    );
  }
  return (
    explainCause(url, status, error) ??
    new ClusterFault(
      cannot(
        url,
        status >= 300 && status < 400
          ? `it answers with a redirect (${status}); write its target in url`
          : status === 403
            ? `who asks may not ${doing} (${said}); grant it that`
            : status === 404
              ? `it has no such address (${said}); correct url`
              : `it answers ${status} to "${doing}" (${said}); check that url is that of OpenSearch or Elasticsearch`,
      ),
    )
  );
}

/**
 * Explains a failure, of a request or one document, that is due to the state of the cluster or of an index, not to a
 * document. Undefined for any other.
 */
export function explainCause(url: string, status: number, error: ErrorCause | undefined): ClusterFault | undefined {
  const { type = '', reason = '' } = error ?? {};
  const said = quoteReason(reason);
  const fault = (why: string) => new ClusterFault(cannot(url, why));
  if (type === 'cluster_block_exception') {
    return /flood.stage|disk usage exceeded/i.test(reason)
      ? fault(`its disk is nearly full, so that indexes are read-only (${said}); delete old indexes or add space`)
      : fault(`an index is read-only (${said}); remove the block, or free space if low space has set it`);
  }
  if (type === 'index_closed_exception') return fault(`an index is closed (${said}); open it`);
  if (type === 'index_not_found_exception') {
    return fault(
      `an index is missing and may not be created (${said}); allow it with action.auto_create_index, or create it`,
    );
  }
  if (/maximum (normal |frozen )?shards/.test(reason)) {
    return fault(`it has as many shards as it may have (${said}); delete old indexes, or choose a longer rotation`);
  }
  if (/no write index|data stream|resolves to multiple/i.test(reason) && type !== 'mapper_parsing_exception') {
    return fault(`the name is not that of a plain index (${said}); choose another index`);
  }
  if (status === 401 || status === 403) return fault(`who asks may not create documents (${said}); grant it that`);
  return undefined;
}

/** One line, short. */
export function quoteReason(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line || 'no reason given';
}

function cannot(url: string, why: string): string {
  return `cannot deliver to "${url}": ${why}`;
}
