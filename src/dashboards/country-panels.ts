import { samplingNote } from '../reports/scaled-sums.ts';
import { ranges, terms } from './aggregations.ts';
import { countryMap, xyChart } from './charts.ts';
import type { DurationUnit, FieldNames } from './field-names.ts';
import { measuresOf } from './measures.ts';
import type { Panel } from './panel.ts';

/** More than there are codes of countries. */
const allCountries = 300;

/** Who asks from where, and how long it takes them. */
export function countryPanels(field: FieldNames, { perSecond }: DurationUnit): Panel[] {
  const { requests, viewers } = measuresOf(field);
  const country = field('country');
  const duration = field('duration');
  return [
    {
      name: 'requests-by-country',
      title: 'Requests by country',
      description: `Requests by the viewer’s country. ${samplingNote}`,
      chart: countryMap(requests, terms(country, 'Country', allCountries)),
      ...{ width: 48, height: 20 },
    },
    {
      name: 'countries-by-time-taken',
      title: 'Countries by requests, time taken in ranges',
      description: `The countries with the most requests, each divided by time-taken in seconds: until the last byte, so with the viewer’s network and the size of the response. ${samplingNote}`,
      chart: xyChart(
        'horizontal_bar',
        requests,
        terms(country, 'Country', 20),
        ranges(
          duration,
          'time-taken',
          [0, 0.1, 0.5, 1, 5].map((bound) => bound * perSecond),
        ),
      ),
      ...{ width: 24, height: 20 },
    },
    {
      name: 'viewers-by-country',
      title: 'Viewers by country, time taken within a range',
      description:
        'Different client addresses by country, of the requests whose time-taken is within the range of the filter: from 1 s to below 5 s until it is edited. An estimate, and a lower bound for sampled logs.',
      chart: xyChart('horizontal_bar', viewers, terms(country, 'Country', 20)),
      range: { field: duration, from: perSecond, below: 5 * perSecond },
      ...{ width: 24, height: 20 },
    },
  ];
}
