import { sql } from './sql-text.ts';

/** Who has to act on an error, and the values of x-edge-detailed-result-type that say so. */
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

/** Which requests are errors in the wide sense: also those whose viewer left before or during the answer. */
export const isError = sql`
  (status = 0 OR status >= 400 OR result IN ('Error', 'LimitExceeded', 'CapacityExceeded', 'LambdaExecutionError'))`;

/** The cause that CloudFront names; empty when it names none. Logs from before 2019 have it in the result at most. */
export const namedCause = "if(detailed_result != '', detailed_result, result)";

/** Title of the group of an error; needs `logged_cause` as {@link namedCause}. */
export const errorGroup = sql`
  multiIf(
    ${errorGroups.map(({ title, causes }) => `logged_cause IN (${causes.map((cause) => `'${cause}'`).join(', ')}), '${title}'`).join(',\n')},
    logged_cause = 'AbortedOrigin' OR logged_cause LIKE 'Origin%Error', 'Origin',
    status = 0 OR result = 'Error' AND response_result NOT IN ('Error', ''), 'Viewer left',
    status >= 400, 'Passed through',
    'Other'
  )`;

/** What to show as the cause: CloudFront's word where it is one, else what the viewer got. */
export const shownCause = sql`
  multiIf(
    logged_cause NOT IN ('', 'Error', 'Hit', 'RefreshHit', 'OriginShieldHit', 'Miss', 'MissGeneratedResponse', 'Redirect'), logged_cause,
    status = 0, 'Left before the answer',
    result = 'Error' AND response_result NOT IN ('Error', ''), 'Left during the download',
    status >= 400, concat('Status ', toString(status)),
    logged_cause
  )`;
