import { countryRanges } from './country-ranges.ts';
import type { Report } from './report.ts';

export const countriesByDuration: Report = countryRanges({
  name: 'countries-by-duration',
  title: 'Countries by time taken',
  definition:
    'Requests of each country by time-taken: from the request’s arrival until its last byte, so with the viewer’s network and the size of the answer.',
  column: 'duration',
});
