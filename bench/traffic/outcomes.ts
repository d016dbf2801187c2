import type { Random } from './random.ts';

/** How CloudFront answered: the three result columns, the status, and the time taken. */
export interface Outcome {
  readonly share: number;
  readonly status: string;
  readonly result: string;
  readonly responseResult: string;
  readonly detailedResult: string;
  /** `object`: the path's bytes; `page`: a small error or redirect page; `none`: headers only; `aborted`: not even those. */
  readonly body: 'object' | 'page' | 'none' | 'aborted';
  /** Whether the answer waited for the origin. */
  readonly fromOrigin: boolean;
}

type Row = readonly [
  share: number,
  status: string,
  result: string,
  detailed: string,
  body: Outcome['body'],
  fromOrigin: boolean,
];

/** Shares in percent of all requests that are not redirects from http to https; they follow one production site's mix. */
const rows: readonly Row[] = [
  [72.3, '200', 'Hit', 'Hit', 'object', false],
  [4.2, '304', 'Hit', 'Hit', 'none', false],
  [0.3, '200', 'Hit', 'OriginShieldHit', 'object', true],
  [12.2, '200', 'Miss', 'Miss', 'object', true],
  [0.3, '302', 'Miss', 'Miss', 'page', true],
  [0.2, '200', 'Miss', 'MissGeneratedResponse', 'page', true],
  [3.4, '200', 'RefreshHit', 'RefreshHit', 'object', true],
  [1.6, '304', 'RefreshHit', 'RefreshHit', 'none', true],
  [1.5, '404', 'Error', 'Error', 'page', true],
  [0.6, '403', 'Error', 'Error', 'page', true],
  [0.12, '403', 'Error', 'ClientGeoBlocked', 'page', false],
  [0.1, '400', 'Error', 'InvalidRequest', 'page', false],
  [0.15, '500', 'Error', 'OriginError', 'page', true],
  [0.1, '502', 'Error', 'OriginConnectError', 'page', true],
  [0.04, '502', 'Error', 'OriginDnsError', 'page', true],
  [0.08, '503', 'LimitExceeded', 'LimitExceeded', 'page', false],
  [0.06, '504', 'Error', 'OriginCommError', 'page', true],
  [0.2, '000', 'Error', 'ClientHungUpRequest', 'aborted', true],
  [0.2, '000', 'Error', 'ClientCommError', 'aborted', false],
  [0.35, '200', 'Error', 'ClientCommError', 'object', false],
  [0.4, '200', 'FunctionGeneratedResponse', 'FunctionGeneratedResponse', 'page', false],
];

const outcomes: readonly Outcome[] = rows.map(([share, status, result, detailedResult, body, fromOrigin]) => ({
  share,
  status,
  result,
  // A viewer that disconnects midway makes the request an error although the answer started as a hit.
  responseResult: result === 'Error' && status === '200' ? 'Hit' : result,
  detailedResult,
  body,
  fromOrigin,
}));

const totalShare = outcomes.reduce((sum, outcome) => sum + outcome.share, 0);

export const redirectToHttps: Outcome = {
  share: 0,
  status: '301',
  result: 'Redirect',
  responseResult: 'Redirect',
  detailedResult: 'Redirect',
  body: 'page',
  fromOrigin: false,
};

export function drawOutcome(random: Random): Outcome {
  let remaining = random.fraction() * totalShare;
  for (const outcome of outcomes) {
    remaining -= outcome.share;
    if (remaining < 0) return outcome;
  }
  return outcomes[0] as Outcome;
}
