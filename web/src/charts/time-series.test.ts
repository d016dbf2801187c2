import { describe, expect, it } from 'vitest';
import type { ReportAnswer, ReportColumn, Row } from '../data/report-answer.ts';
import { parseUtc } from '../view/time-range.ts';
import { toTimeSeries, totalOf } from './time-series.ts';

const range = { fromMs: parseUtc('2014-05-23 01:00:00'), toMs: parseUtc('2014-05-23 01:02:30'), step: 60 };

function answer(columns: readonly ReportColumn[], rows: readonly Row[]): ReportAnswer {
  const parameters = { from: '', to: '', step: 60, limit: 10, q: '' };
  return { name: 'x', title: 'X', definition: '', sql: '', columns, rows, parameters, filterValues: {}, elapsedMs: 1 };
}

const time: ReportColumn = { name: 'bucket', label: 'Time', unit: 'time' };

describe('toTimeSeries', () => {
  it('makes a series of each value of the text column, and fills the gaps', () => {
    const columns: ReportColumn[] = [
      time,
      { name: 'result', label: 'Result', unit: 'text' },
      { name: 'requests', label: 'Requests', unit: 'count' },
    ];
    const rows = [
      { bucket: '2014-05-23 01:00:00', result: 'Hit', requests: '3' },
      { bucket: '2014-05-23 01:02:00', result: 'Hit', requests: 4 },
      { bucket: '2014-05-23 01:01:00', result: '', requests: 5 },
      { bucket: '2014-05-23 09:00:00', result: 'Hit', requests: 99 },
    ];
    const { times, series, isPartial } = toTimeSeries(answer(columns, rows), range, 0);
    expect(times).toHaveLength(3);
    expect(isPartial).toEqual([false, false, true]);
    expect(series.map(({ label, values }) => [label, values])).toEqual([
      ['Hit', [3, 0, 4]],
      ['(not logged)', [0, 5, 0]],
    ]);
    expect(series.map(totalOf)).toEqual([7, 5]);
  });

  it('makes a series of each numeric column, with gaps where nothing was measured', () => {
    const columns: ReportColumn[] = [
      time,
      { name: 'p50', label: 'p50', unit: 'seconds' },
      { name: 'p99', label: 'p99', unit: 'seconds' },
    ];
    const rows = [{ bucket: '2014-05-23 01:01:00', p50: 0.1, p99: null }];
    const { series } = toTimeSeries(answer(columns, rows), range, null);
    expect(series.map(({ key, values }) => [key, values])).toEqual([
      ['p50', [null, 0.1, null]],
      ['p99', [null, null, null]],
    ]);
    expect(series.map(totalOf)).toEqual([null, null]);
  });

  it('computes the rate of a partly covered bucket over the time covered', () => {
    const columns: ReportColumn[] = [time, { name: 'bandwidth', label: 'Bandwidth', unit: 'bits-per-second' }];
    const rows = [
      { bucket: '2014-05-23 01:01:00', bandwidth: 10 },
      { bucket: '2014-05-23 01:02:00', bandwidth: 10 },
    ];
    const { series } = toTimeSeries(answer(columns, rows), range, 0);
    expect(series[0]?.values).toEqual([0, 10, 20]);
  });
});
