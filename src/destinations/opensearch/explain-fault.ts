import { explainNetworkFault, kindOfFault } from '../../webhooks/network-fault.ts';
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

/** The server may be restarting, or too busy. */
const passing = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'TimeoutError'];

export function explainNoAnswer(url: string, cause: unknown): ClusterFault {
  const isPassing = passing.includes(kindOfFault(cause));
  return new ClusterFault(cannot(url, explainNetworkFault(cause)), { cause, isPassing });
}

const unknownToken = /security token included in the request is/i;

/**
 * What AWS says of the signature of a request.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 */
const signatureFaults: readonly (readonly [said: RegExp, why: string, remedy: string])[] = [
  [/signature expired|signature not yet current/i, 'the clock of this machine is wrong', 'set it, for example by NTP'],
  [unknownToken, 'the credentials are no longer valid', 'renew them where they come from'],
  [/request signature we calculated/i, 'it does not accept the signature', 'check the secret access key'],
  [
    /credential should be scoped/i,
    'the signature is for another service or region',
    'correct service and region of aws',
  ],
  [/user: anonymous|missing authentication token/i, 'it wants signed requests', 'set aws, with its service and region'],
];

/** Whether AWS knows the credentials no longer, or not yet. */
export function isUnknownToken(answer: Answer): boolean {
  return answer.status === 403 && unknownToken.test(errorOf(answer).reason ?? '');
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
  const [, why, remedy] = signatureFaults.find(([pattern]) => pattern.test(said)) ?? [];
  if (why) return new ClusterFault(cannot(url, `${why} (${said}); ${remedy}`));
  if (status === 401) {
    return new ClusterFault(
      cannot(url, `it does not accept who asks (${said}); correct username and password, apiKey or aws`),
    );
  }
  return (
    explainCause(url, doing, status, error) ??
    new ClusterFault(
      cannot(
        url,
        status >= 300 && status < 400
          ? `it answers with a redirect (${status}); write its target in url`
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
export function explainCause(
  url: string,
  doing: string,
  status: number,
  error: ErrorCause | undefined,
): ClusterFault | undefined {
  const { type = '', reason = '' } = error ?? {};
  const said = quoteReason(reason);
  const fault = (why: string) => new ClusterFault(cannot(url, why));
  if (type === 'cluster_block_exception') {
    return /flood.stage|disk usage exceeded/i.test(reason)
      ? fault(`its disk is nearly full, so that indexes are read-only (${said}); delete old indexes or add space`)
      : fault(`an index is read-only (${said}); remove the block, or free space if low space has set it`);
  }
  if (/^document id is not supported/i.test(reason)) {
    return fault(
      `its collection takes no ids (${said}), by which a document is known; deliver to a collection of type search`,
    );
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
    return fault(
      `the name is not that of a plain index (${said}); choose another index, or rotation: stream for a data stream`,
    );
  }
  if (status === 401 || status === 403) return fault(`who asks may not ${doing} (${said}); grant it that`);
  return undefined;
}

/** Whether it is due to the state of one index that somebody has chosen: closed, or closed to writing. A full disk is none. */
export function isOfOneIndex({ type = '', reason = '' }: ErrorCause): boolean {
  if (type === 'index_closed_exception') return true;
  return type === 'cluster_block_exception' && /^index \[/.test(reason) && !/\/(?:10|12)\//.test(reason);
}

/** One line, short. */
export function quoteReason(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line || 'no reason given';
}

export function cannot(url: string, why: string): string {
  return `cannot deliver to "${url}": ${why}`;
}
