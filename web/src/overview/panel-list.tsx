import { InView } from '../panels/in-view.tsx';
import { TablePanel } from '../panels/table-panel.tsx';
import { TimePanel } from '../panels/time-panel.tsx';

/** Below the first screen; each is asked for when it comes into view. */
const lists: readonly (readonly [name: string, title: string, span: number])[] = [
  ['errors', 'Errors by cause', 8],
  ['status-codes', 'Status codes', 4],
  ['top-paths', 'Top paths', 8],
  ['methods', 'Methods', 4],
  ['missing-paths', 'Not found', 8],
  ['countries', 'Countries', 4],
  ['top-viewers', 'Top viewers', 8],
  ['edge-locations', 'Edge locations', 4],
  ['referrers', 'Referrers', 4],
  ['hosts', 'Hosts', 4],
  ['content-types', 'Content types', 4],
  ['top-bots', 'Top bots', 4],
  ['browsers', 'Browsers', 4],
  ['operating-systems', 'Operating systems', 4],
  ['http-versions', 'HTTP versions', 4],
  ['tls-versions', 'TLS versions', 4],
];

/** The panels in reading order: how much, what fails, how well, what, who. Twelve columns to a row. */
export function PanelList() {
  return (
    <div className="grid">
      <TimePanel name="requests-by-result" title="Requests by result" span={6} drawing="bars" />
      <TablePanel name="failing-paths" title="Failing paths" span={6} />
      <TimePanel name="status-classes" title="Status classes" span={4} drawing="bars" />
      <TimePanel name="hit-ratio" title="Hit ratio" span={4} drawing="lines" picksOne />
      <TimePanel
        name="ttfb"
        title="Time to first byte"
        span={4}
        drawing="lines"
        startsHidden={['p90', 'p95_hit', 'p95_miss']}
      />
      {lists.map(([name, title, span]) => (
        <InView key={name} span={span}>
          <TablePanel name={name} title={title} span={span} />
        </InView>
      ))}
      <InView span={6}>
        <TimePanel name="bandwidth" title="Bandwidth" span={6} drawing="areas" />
      </InView>
      <InView span={6}>
        <TimePanel name="bots" title="Bots and people" span={6} drawing="bars" />
      </InView>
    </div>
  );
}
