import { useState } from 'react';
import type { ReportAnswer } from '../data/report-answer.ts';
import { termOf } from '../filters/edit-filter.ts';
import { formatExactly, formatQuantity } from '../format/quantity.ts';
import { describeValue, nameOfNothing } from '../format/value-name.ts';
import { useReport, useReportScope } from '../overview/report-context.ts';
import { Panel } from '../panels/panel.tsx';
import { nameRange, pivot, termsOfRange } from './ranges.ts';

/** Rows of the report: twenty countries with all their ranges. */
const mostRows = 220;
const mostCountries = 20;

interface RangesPanelProps {
  readonly name: string;
  readonly title: string;
  /** The field of the filter that is cut into ranges. */
  readonly field: string;
  readonly bounds: readonly number[];
}

/** Requests or viewers per country and range; each number is a button that filters by both. */
export function RangesPanel({ name, title, field, bounds }: RangesPanelProps) {
  const [measure, setMeasure] = useState<'requests' | 'viewers'>('requests');
  const report = useReport(name, { bounds: bounds.join(), limit: mostRows });
  const toggle = (
    <button
      type="button"
      className="panel-action"
      aria-label={`${measure === 'requests' ? 'Requests ⇄ viewers' : 'Viewers ⇄ requests'} of ${title}`}
      onClick={() => setMeasure(measure === 'requests' ? 'viewers' : 'requests')}
    >
      {measure === 'requests' ? 'Requests' : 'Viewers'} ⇄
    </button>
  );
  return (
    <Panel name={name} title={title} report={report} span={6} body="table" actions={toggle}>
      {(answer) => <RangesTable answer={answer} measure={measure} field={field} />}
    </Panel>
  );
}

interface RangesTableProps {
  readonly answer: ReportAnswer;
  readonly measure: string;
  readonly field: string;
}

function RangesTable({ answer, measure, field }: RangesTableProps) {
  const { addTerms } = useReportScope();
  const bounds = (answer.parameters.bounds ?? '').split(',').map(Number);
  const ranges = Array.from({ length: bounds.length + 1 }, (_, range) => range);
  const rows = [...pivot(answer.rows, measure, ranges.length)].slice(0, mostCountries);
  const most = Math.max(1, ...rows.flatMap(([, values]) => values));
  return (
    <div className="table-scroll">
      <table className="report-table">
        <thead>
          <tr>
            <th scope="col">Country</th>
            {ranges.map((range) => (
              <th key={range} scope="col" className="number">
                <button type="button" className="sort" onClick={() => addTerms?.(termsOfRange(field, bounds, range))}>
                  {nameRange(bounds, range)}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([country, values]) => (
            <tr key={country}>
              <th scope="row">
                <button type="button" className="sort" onClick={() => addTerms?.([termOf('country', country)])}>
                  {country === '' ? nameOfNothing('country') : (describeValue('country', country) ?? country)}
                </button>
              </th>
              {values.map((value, range) => (
                <td key={ranges[range]} className={value ? 'number' : 'number zero'}>
                  <i className="bar" style={{ width: `${(value / most) * 100}%` }} />
                  <button
                    type="button"
                    className="sort"
                    title={formatExactly(value, 'count')}
                    onClick={() => addTerms?.([termOf('country', country), ...termsOfRange(field, bounds, range)])}
                  >
                    {formatQuantity(value, 'count')}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
