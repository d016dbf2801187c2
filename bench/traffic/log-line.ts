import type { LineWriter } from './line-writer.ts';
import { drawOutcome, type Outcome, redirectToHttps } from './outcomes.ts';
import { hugeObject, type SitePath } from './paths.ts';
import { createQuery } from './queries.ts';
import type { Random } from './random.ts';
import { writeRequestId } from './request-id.ts';
import type { Session } from './sessions.ts';

/** The two lines that CloudFront writes at the top of every file. */
export const logHeader =
  '#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) ' +
  'cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes ' +
  'time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status ' +
  'fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len ' +
  'sc-range-start sc-range-end\n';

const distributionHost = 'd2tailrace8bench.cloudfront.net';

/** Writes the line of one request of a visit. */
export function writeRequest(out: LineWriter, random: Random, session: Session, path: SitePath, when: Moment): void {
  const { viewer } = session;
  const isPlainHttp = path !== hugeObject && random.chance(0.013);
  const outcome = isPlainHttp ? redirectToHttps : path === hugeObject ? fullHit : drawOutcome(random);
  const method = drawMethod(random, viewer.isCrawler, path);
  const answer = describeAnswer(random, outcome, path, method);
  const ttfbMs = drawTtfbMs(random, outcome);

  out.field(when.day);
  out.field(when.clock);
  out.field(viewer.edgeLocation);
  out.number(answer.sentBytes);
  out.field(viewer.ip);
  out.field(method);
  out.field(distributionHost);
  out.field(path.stem);
  out.field(outcome.status);
  out.field(session.referer);
  out.field(session.userAgent);
  out.field(createQuery(random, path));
  out.field('-'); // cookies are not logged by default
  out.field(outcome.result);
  writeRequestId(random, out);
  out.field(viewer.host);
  out.field(isPlainHttp ? 'http' : 'https');
  out.number(180 + random.below(600) + (method === 'POST' ? random.below(4_000) : 0));
  out.seconds(ttfbMs + Math.floor(answer.sentBytes / (2_000 + random.below(30_000))));
  out.field(viewer.forwardedFor);
  out.field(isPlainHttp ? '-\t-' : viewer.tls);
  out.field(outcome.responseResult);
  out.field(isPlainHttp ? 'HTTP/1.1' : viewer.httpVersion);
  out.field('-\t-'); // no field-level encryption
  out.number(session.port);
  out.seconds(ttfbMs);
  out.field(outcome.detailedResult);
  writeContent(out, answer);
  out.endLine();
}

export interface Moment {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** `HH:MM:SS`. */
  readonly clock: string;
}

const fullHit: Outcome = {
  share: 0,
  status: '200',
  result: 'Hit',
  responseResult: 'Hit',
  detailedResult: 'Hit',
  body: 'object',
  fromOrigin: false,
};

function drawMethod(random: Random, isCrawler: boolean, path: SitePath): string {
  if (path === hugeObject) return 'GET';
  const fraction = random.fraction();
  if (fraction < 0.004) return 'HEAD';
  if (!isCrawler && fraction < 0.022) return 'POST';
  return fraction < 0.024 ? 'OPTIONS' : 'GET';
}

interface Answer {
  readonly sentBytes: number;
  readonly contentType: string;
  /** `Content-Length`; -1 when the answer has none. */
  readonly contentLength: number;
  /** First byte of the range that was asked for; -1 when none was. */
  readonly rangeStart: number;
}

const aborted: Answer = { sentBytes: 0, contentType: '-', contentLength: -1, rangeStart: -1 };

function describeAnswer(random: Random, outcome: Outcome, path: SitePath, method: string): Answer {
  const headerBytes = 320 + random.below(380);
  if (outcome.body === 'aborted') return aborted;
  if (outcome.body === 'none') return { ...aborted, sentBytes: headerBytes };
  if (outcome.body === 'page') {
    const contentLength = 100 + random.below(900);
    return { sentBytes: headerBytes + contentLength, contentType: 'text/html', contentLength, rangeStart: -1 };
  }
  const { contentType, contentLength } = path;
  if (method !== 'GET') return { sentBytes: headerBytes, contentType, contentLength, rangeStart: -1 };
  if (path.isVideo && contentLength > 1_000_000 && random.chance(0.8)) {
    const rangeStart = random.below(contentLength - 500_000);
    const length = Math.min(contentLength - rangeStart, 524_288);
    return { sentBytes: headerBytes + length, contentType, contentLength: length, rangeStart };
  }
  const sentShare = outcome.detailedResult === 'ClientCommError' ? random.fraction() : 1;
  return {
    sentBytes: headerBytes + Math.floor(contentLength * sentShare),
    contentType,
    contentLength: path.isPage ? -1 : contentLength, // pages are generated while sent, their length is unknown
    rangeStart: -1,
  };
}

/** `sc-content-type`, `sc-content-len`, `sc-range-start`, `sc-range-end`. */
function writeContent(out: LineWriter, answer: Answer): void {
  out.field(answer.contentType);
  if (answer.contentLength < 0) out.field('-');
  else out.number(answer.contentLength);
  if (answer.rangeStart < 0) {
    out.field('-\t-');
    return;
  }
  out.number(answer.rangeStart);
  out.number(answer.rangeStart + answer.contentLength - 1);
}

function drawTtfbMs(random: Random, outcome: Outcome): number {
  return Math.floor(outcome.fromOrigin ? random.logNormal(240, 0.8) : random.logNormal(4, 1.1));
}
