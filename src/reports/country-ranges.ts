import { sql } from '../text/sql-text.ts';
import { type Report, rowFilter } from './report.ts';
import { requestsSum, samplingNote, viewersCount } from './scaled-sums.ts';

interface CountryRanges extends Pick<Report, 'name' | 'title' | 'definition'> {
  /** A column of `requests`, seconds. */
  readonly column: string;
}

/** Requests and viewers of each country by ranges of a time; the borders of the ranges are a parameter. */
export function countryRanges({ name, title, definition, column }: CountryRanges): Report {
  return {
    name,
    title,
    definition: `${definition} Range: how many of the borders it reaches, from 0. Viewers are different client addresses, estimated to about 1 %; one viewer can be in several ranges. ${samplingNote}`,
    sql: sql`
      SELECT country, range, requests, viewers
      FROM (
        SELECT
          country,
          arrayCount(border -> ${column} >= border, {bounds:Array(Float32)}) AS range,
          round(${requestsSum}) AS requests,
          ${viewersCount} AS viewers
        FROM requests
        WHERE ${rowFilter}
          AND ${column} IS NOT NULL
        GROUP BY country, range
      )
      ORDER BY sum(requests) OVER (PARTITION BY country) DESC, country, range
      LIMIT {limit:UInt32}`,
    // No rollup has times by country.
    rollups: [],
    columns: [
      { name: 'country', label: 'Country', unit: 'text', field: 'country' },
      { name: 'range', label: 'Range', unit: 'count' },
      { name: 'requests', label: 'Requests', unit: 'count' },
      { name: 'viewers', label: 'Viewers', unit: 'count' },
    ],
  };
}
