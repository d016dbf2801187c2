import type { KeyboardEvent } from 'react';
import { type ReportAnswer, toNumber } from '../data/report-answer.ts';
import { termOf } from '../filters/edit-filter.ts';
import { formatExactly } from '../format/quantity.ts';
import { describeValue } from '../format/value-name.ts';
import { useReport, useReportScope } from '../overview/report-context.ts';
import { Panel } from '../panels/panel.tsx';
import { worldMap, worldSize } from './world-map.ts';

/** More than there are countries. */
const mostCountries = 300;

/** Requests per country on a map that comes with the page; the list beside it has the same numbers. */
export function WorldPanel() {
  const report = useReport('countries', { limit: mostCountries });
  return (
    <Panel name="world" title="Countries" report={report} span={8} body="chart">
      {(answer) => <WorldMap answer={answer} />}
    </Panel>
  );
}

function WorldMap({ answer }: { readonly answer: ReportAnswer }) {
  const requests = new Map(answer.rows.map((row) => [String(row.country), toNumber(row.requests) ?? 0]));
  const most = Math.max(1, ...requests.values());
  const unplaced = [...requests.keys()].filter((code) => code !== '' && !worldMap.some(([other]) => other === code));
  return (
    <>
      <svg className="world" viewBox={`0 0 ${worldSize.width} ${worldSize.height}`} aria-label="Map of requests">
        {worldMap.map(([code, outline]) => (
          <Country key={code || outline} code={code} outline={outline} requests={requests.get(code) ?? 0} most={most} />
        ))}
      </svg>
      {unplaced.length > 0 && (
        <p className="panel-note">Too small for the map, but in the list: {unplaced.join(', ')}.</p>
      )}
    </>
  );
}

interface CountryProps {
  readonly code: string;
  readonly outline: string;
  readonly requests: number;
  /** Of any country. */
  readonly most: number;
}

function Country({ code, outline, requests, most }: CountryProps) {
  const { addTerm } = useReportScope();
  if (requests === 0) return <path d={outline} />;
  const label = `${describeValue('country', code) ?? code}: ${formatExactly(requests, 'count')} requests`;
  const choose = (isNegated: boolean) => addTerm?.(termOf('country', code, isNegated));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    choose(event.altKey);
  };
  // Of few countries come most requests: shades by their logarithm tell the others apart.
  const shade = 0.25 + 0.75 * (Math.log1p(requests) / Math.log1p(most));
  return (
    // biome-ignore lint/a11y/useSemanticElements: an outline cannot be a button element
    <path
      d={outline}
      className="world-country"
      fillOpacity={shade}
      role="button"
      // As an attribute: of an SVG Preact would write it as `tabIndex`, which is none.
      ref={(path) => path?.setAttribute('tabindex', '0')}
      aria-label={label}
      onClick={(event) => choose(event.altKey)}
      onKeyDown={onKeyDown}
    >
      <title>{`${label} (Alt+click excludes)`}</title>
    </path>
  );
}
