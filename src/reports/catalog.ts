import { bandwidth } from './bandwidth.ts';
import { bots } from './bots.ts';
import { browsers } from './browsers.ts';
import { completeness } from './completeness.ts';
import { contentTypes } from './content-types.ts';
import { countries } from './countries.ts';
import { countriesByDuration } from './countries-by-duration.ts';
import { countriesByTtfb } from './countries-by-ttfb.ts';
import { edgeLocations } from './edge-locations.ts';
import { errors } from './errors.ts';
import { failingPaths } from './failing-paths.ts';
import { hitRatio } from './hit-ratio.ts';
import { hosts } from './hosts.ts';
import { httpVersions } from './http-versions.ts';
import { logLevels } from './log-levels.ts';
import { methods } from './methods.ts';
import { missingPaths } from './missing-paths.ts';
import { operatingSystems } from './operating-systems.ts';
import { referrers } from './referrers.ts';
import type { Report } from './report.ts';
import { requestsByResult } from './requests-by-result.ts';
import { statusClasses } from './status-classes.ts';
import { statusCodes } from './status-codes.ts';
import { summary } from './summary.ts';
import { tlsVersions } from './tls-versions.ts';
import { topBots } from './top-bots.ts';
import { topPaths } from './top-paths.ts';
import { topViewers } from './top-viewers.ts';
import { ttfb } from './ttfb.ts';

/** The list of reports of requests, in the order of the overview: volume, quality, content, errors, clients. */
export const reports: readonly Report[] = [
  summary,
  completeness,
  requestsByResult,
  bandwidth,
  hitRatio,
  ttfb,
  statusClasses,
  statusCodes,
  errors,
  failingPaths,
  missingPaths,
  topPaths,
  countries,
  edgeLocations,
  topViewers,
  bots,
  topBots,
  browsers,
  operatingSystems,
  hosts,
  referrers,
  contentTypes,
  methods,
  httpVersions,
  tlsVersions,
  countriesByDuration,
  countriesByTtfb,
];

/** Those of logs. */
export const logReports: readonly Report[] = [logLevels];

export const allReports: readonly Report[] = [...reports, ...logReports];

export function findReport(name: string): Report | undefined {
  return allReports.find((report) => report.name === name);
}
