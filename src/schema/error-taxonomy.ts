import { sql } from '../text/sql-text.ts';

/** Groups of errors by who has to act, with their values of x-edge-detailed-result-type. */
export interface ErrorGroup {
  readonly title: string;
  readonly causes: readonly string[];
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html */
export const errorGroups: readonly ErrorGroup[] = [
  { title: 'Viewer left', causes: ['ClientCommError', 'ClientHungUpRequest', 'SlowReaderOriginError'] },
  {
    title: 'Bad request',
    causes: ['InvalidRequest', 'InvalidRequestHeader', 'InvalidRequestMethod', 'InvalidRequestCertificate'],
  },
  { title: 'Policy', causes: ['ClientGeoBlocked', 'InvalidRequestBlocked', 'LimitExceeded'] },
  { title: 'CDN', causes: ['CapacityExceeded', 'LambdaExecutionError'] },
];

/** Errors in the wide sense: includes requests whose viewer left before or during the answer. */
export const isError = sql`
  (status = 0 OR status >= 400 OR result IN ('Error', 'LimitExceeded', 'CapacityExceeded', 'LambdaExecutionError'))`;

/** The cause that CloudFront names; empty if it names none. Logs from before 2019 have it in the result, if at all. */
export const namedCause = "if(detailed_result != '', detailed_result, result)";

/** Title of an error's group; needs {@link namedCause} as `logged_cause`. */
export const errorGroup = sql`
  multiIf(
    ${errorGroups.map(({ title, causes }) => `logged_cause IN (${causes.map((cause) => `'${cause}'`).join(', ')}), '${title}'`).join(',\n')},
    logged_cause = 'AbortedOrigin' OR logged_cause LIKE 'Origin%Error', 'Origin',
    status = 0 OR result = 'Error' AND response_result NOT IN ('Error', ''), 'Viewer left',
    status >= 400, 'Passed through',
    'Other'
  )`;

/** Displayed cause: CloudFront's value if it names a cause, else what the viewer received. */
export const shownCause = sql`
  multiIf(
    logged_cause NOT IN ('', 'Error', 'Hit', 'RefreshHit', 'OriginShieldHit', 'Miss', 'MissGeneratedResponse', 'Redirect'), logged_cause,
    status = 0, 'Left before the answer',
    result = 'Error' AND response_result NOT IN ('Error', ''), 'Left during the download',
    status >= 400, concat('Status ', toString(status)),
    logged_cause
  )`;

/** One of the two above, without `logged_cause`. */
export function withNamedCause(expression: string): string {
  return expression.replaceAll('logged_cause', namedCause);
}
