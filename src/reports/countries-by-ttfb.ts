import { countryRanges } from './country-ranges.ts';
import type { Report } from './report.ts';

export const countriesByTtfb: Report = countryRanges({
  name: 'countries-by-ttfb',
  title: 'Countries by time to first byte',
  definition:
    'Requests of each country by time-to-first-byte: until the first byte was written at the edge, so without the viewer’s network.',
  column: 'ttfb',
});
