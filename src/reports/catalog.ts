import { bandwidth } from './bandwidth.ts';
import { bots } from './bots.ts';
import { browsers } from './browsers.ts';
import { completeness } from './completeness.ts';
import { countries } from './countries.ts';
import { edgeLocations } from './edge-locations.ts';
import { errors } from './errors.ts';
import { hitRatio } from './hit-ratio.ts';
import type { Report } from './report.ts';
import { requestsByResult } from './requests-by-result.ts';
import { statusClasses } from './status-classes.ts';
import { statusCodes } from './status-codes.ts';
import { summary } from './summary.ts';
import { topBots } from './top-bots.ts';
import { topPaths } from './top-paths.ts';
import { topViewers } from './top-viewers.ts';
import { ttfb } from './ttfb.ts';

/** The only list of reports, in the order of the overview: volume, quality, content, errors, clients. */
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
  topPaths,
  countries,
  edgeLocations,
  topViewers,
  bots,
  topBots,
  browsers,
];

export function findReport(name: string): Report | undefined {
  return reports.find((report) => report.name === name);
}
