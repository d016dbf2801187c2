import { expect, it } from 'vitest';
import type { ReportAnswer, ReportColumn } from '../data/report-answer.ts';
import { tileSeries } from './tile-series.ts';

const parameters = { from: '2015-05-19 00:00:00', to: '2015-05-19 00:03:00', step: 60, limit: 10, q: '' };
const bucket: ReportColumn = { name: 'bucket', label: 'Time', unit: 'time' };
const columns: readonly ReportColumn[] = [
  bucket,
  { name: 'class', label: 'Class', unit: 'text' },
  { name: 'requests', label: 'Requests', unit: 'count' },
];

it('makes shares of the counts of a chart, with gaps where nothing came', () => {
  const rows = [
    { bucket: '2015-05-19 00:00:00', class: '2xx', requests: 3 },
    { bucket: '2015-05-19 00:00:00', class: '4xx', requests: 1 },
    { bucket: '2015-05-19 00:02:00', class: '2xx', requests: 2 },
  ];
  const common = { name: 'status-classes', title: '', definition: '', sql: '', filterValues: {}, elapsedMs: 1 };
  const classes: ReportAnswer = { ...common, columns, rows, parameters };
  const found = tileSeries({ requests: classes, bytes: null, hitRatio: null, ttfb: null, classes });
  expect(Object.fromEntries(found)).toEqual({
    requests: [4, 0, 2],
    share_4xx: [0.25, null, 0],
    share_5xx: [0, null, 0],
  });
});
