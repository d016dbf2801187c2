import { bots } from '../reports/bots.ts';
import { browsers } from '../reports/browsers.ts';
import { countries } from '../reports/countries.ts';
import { edgeLocations } from '../reports/edge-locations.ts';
import { errors } from '../reports/errors.ts';
import { hitRatio } from '../reports/hit-ratio.ts';
import type { Report } from '../reports/report.ts';
import { requestsByResult } from '../reports/requests-by-result.ts';
import { samplingNote } from '../reports/scaled-sums.ts';
import { statusClasses } from '../reports/status-classes.ts';
import { statusCodes } from '../reports/status-codes.ts';
import { topBots } from '../reports/top-bots.ts';
import { topPaths } from '../reports/top-paths.ts';
import { topViewers } from '../reports/top-viewers.ts';
import { ttfb } from '../reports/ttfb.ts';
import { filters, overTime, terms } from './aggregations.ts';
import { numbers, ratiosOverTime, ring, table, xyChart } from './charts.ts';
import { errorGroupQueries, errorQuery } from './error-queries.ts';
import type { FieldNames } from './field-names.ts';
import { allOf, exists, isAnyOf, isAtLeast, isBetween, without } from './lucene.ts';
import { measuresOf } from './measures.ts';
import type { Panel } from './panel.ts';

const half = { width: 24, height: 14 };
const list = { width: 24, height: 18 };

const hits = ['Hit', 'RefreshHit'];

/**
 * The overview of the console, as far as aggregations can express it, with the definitions of its reports.
 * @param index pattern of the indexes
 */
export function overviewPanels(field: FieldNames, index: string): Panel[] {
  const measures = measuresOf(field);
  const { requests, bytes } = measures;
  const [time, method, status, result] = [field('time'), field('method'), field('status'), field('result')];
  const [responseResult, isBot] = [field('response_result'), field('is_bot')];
  const everything = exists(status);
  const isHit = isAnyOf(result, hits);
  const isCacheable = without(
    allOf(isAnyOf(method, ['GET', 'HEAD']), isAnyOf(result, [...hits, 'Miss']), isBetween(status, 0, 399)),
    isAnyOf(status, ['101']),
  );
  const sumOf = field('weight');
  const ratios = (...all: Parameters<typeof ratiosOverTime>[2]) => ratiosOverTime(index, time, all);
  const top = (column: string, label: string) => terms(field(column), label, 20);
  return [
    {
      name: 'summary',
      title: 'Summary',
      description: `Totals of the range. ${samplingNote} Viewers are different client addresses, estimated, and a lower bound for sampled logs. The percentile is of time-to-first-byte, in seconds.`,
      chart: numbers(requests, bytes, measures.viewers, measures.ttfb([95])),
      ...{ width: 48, height: 8 },
    },
    {
      ...of(requestsByResult),
      chart: xyChart('histogram', requests, overTime(time), terms(result, 'Result', 10)),
      ...half,
    },
    {
      name: 'bytes-by-result',
      title: 'Bytes by result',
      description: `Σ sc-bytes, headers included, by x-edge-result-type. All bytes of a response count at its end. ${samplingNote}`,
      chart: xyChart('histogram', bytes, overTime(time), terms(result, 'Result', 10)),
      ...half,
    },
    {
      ...of(hitRatio),
      description: `Cacheable: Hit and RefreshHit ÷ GET and HEAD requests answered with Hit, RefreshHit or Miss and a status below 400. Console: x-edge-response-result-type Hit ÷ all requests with that field. All: Hit and RefreshHit ÷ all requests. Bytes: their sc-bytes ÷ all sc-bytes. ${samplingNote} 0 where there are none.`,
      chart: ratios(
        { label: 'Cacheable', color: '#54B399', part: allOf(isCacheable, isHit), whole: isCacheable, sumOf },
        {
          label: 'Console',
          color: '#6092C0',
          part: isAnyOf(responseResult, ['Hit']),
          whole: exists(responseResult),
          sumOf,
        },
        { label: 'All', color: '#D36086', part: isHit, whole: everything, sumOf },
        { label: 'Bytes', color: '#9170B8', part: isHit, whole: everything, sumOf: field('weighted_bytes') },
      ),
      ...half,
    },
    {
      name: 'error-shares',
      title: 'Errors',
      description: `Share of requests with sc-status 400 to 499, and 500 to 599. ${samplingNote}`,
      chart: ratios(
        { label: '4xx', color: '#D6BF57', part: isBetween(status, 400, 499), whole: everything, sumOf },
        { label: '5xx', color: '#E7664C', part: isBetween(status, 500, 599), whole: everything, sumOf },
      ),
      ...half,
    },
    {
      ...of(ttfb),
      description:
        'Percentiles of time-to-first-byte, in seconds: from the request’s arrival at the edge until the first byte was written there, so without the viewer’s network. Estimated with a t-digest.',
      chart: xyChart('line', measures.ttfb([50, 90, 95, 99]), overTime(time)),
      ...half,
    },
    {
      name: 'ttfb-by-outcome',
      title: 'Time to first byte of hits and misses',
      description:
        'Percentile 95 of time-to-first-byte, in seconds, apart for hits (Hit, RefreshHit) and misses (Miss), because a change of the hit ratio alone moves the percentiles of all.',
      chart: xyChart(
        'line',
        measures.ttfb([95]),
        overTime(time),
        filters({ hits: isHit, misses: isAnyOf(result, ['Miss']) }),
      ),
      ...half,
    },
    {
      ...of(statusClasses),
      chart: xyChart('histogram', requests, overTime(time), filters(statusClassQueries(status))),
      ...half,
    },
    {
      ...of(bots),
      chart: xyChart(
        'histogram',
        requests,
        overTime(time),
        filters({ people: isAnyOf(isBot, ['false']), bots: isAnyOf(isBot, ['true']) }),
      ),
      ...half,
    },
    {
      ...of(statusCodes),
      description: `Requests by sc-status. 0 is CloudFront’s 000: the viewer left before any answer. ${samplingNote}`,
      chart: table(terms(status, 'Status', 20), requests),
      ...list,
    },
    {
      ...of(errors),
      chart: table(filters(errorGroupQueries(field)), requests),
      query: errorQuery(field),
      ...list,
    },
    {
      ...of(topPaths),
      description: `Paths (cs-uri-stem, decoded, without the query) by requests. ${samplingNote}`,
      chart: table(top('path', 'Path'), requests, bytes),
      ...list,
    },
    {
      name: 'failing-paths',
      title: 'Paths with errors',
      description: `Paths by requests that got sc-status 400 or above. ${samplingNote}`,
      chart: table(top('path', 'Path'), requests, bytes),
      query: isAtLeast(status, 400),
      ...list,
    },
    { ...of(countries), chart: table(top('country', 'Country'), requests, bytes), ...list },
    { ...of(edgeLocations), chart: table(top('edge_location', 'Edge'), requests, bytes), ...list },
    {
      ...of(topViewers),
      description: `Client addresses (c-ip) by requests. Many people can stand behind one address. ${samplingNote}`,
      chart: table(top('client_ip', 'Address'), requests, bytes),
      ...list,
    },
    { ...of(topBots), chart: table(top('bot', 'Bot'), requests, bytes), query: isAnyOf(isBot, ['true']), ...list },
    { ...of(browsers), chart: ring(requests, top('browser', 'Browser')), query: isAnyOf(isBot, ['false']), ...list },
  ];
}

function statusClassQueries(status: string): Record<string, string> {
  const classes = [1, 2, 3, 4, 5].map((digit) => [`${digit}xx`, isBetween(status, digit * 100, digit * 100 + 99)]);
  return { '000': isAnyOf(status, ['0']), ...Object.fromEntries(classes) };
}

function of({ name, title, definition }: Report) {
  return { name, title, description: definition };
}
