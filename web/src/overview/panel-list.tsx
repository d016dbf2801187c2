import { TablePanel } from '../panels/table-panel.tsx';
import { TimePanel } from '../panels/time-panel.tsx';

/** The panels in reading order: how much, how well, what, what went wrong, who. Twelve columns to a row. */
export function PanelList() {
  return (
    <div className="grid">
      <TimePanel name="requests-by-result" title="Requests by result" span={6} drawing="bars" />
      <TimePanel name="bandwidth" title="Bandwidth" span={6} drawing="areas" />
      <TimePanel name="hit-ratio" title="Hit ratio" span={4} drawing="lines" picksOne />
      <TimePanel
        name="ttfb"
        title="Time to first byte"
        span={4}
        drawing="lines"
        startsHidden={['p90', 'p95_hit', 'p95_miss']}
      />
      <TimePanel name="status-classes" title="Status classes" span={4} drawing="bars" />
      <TablePanel name="top-paths" title="Top paths" span={8} />
      <TablePanel name="status-codes" title="Status codes" span={4} />
      <TablePanel name="errors" title="Errors by cause" span={8} />
      <TablePanel name="countries" title="Countries" span={4} />
      <TablePanel name="top-viewers" title="Top viewers" span={8} />
      <TablePanel name="edge-locations" title="Edge locations" span={4} />
      <TimePanel name="bots" title="Bots and people" span={4} drawing="bars" />
      <TablePanel name="top-bots" title="Top bots" span={4} />
      <TablePanel name="browsers" title="Browsers" span={4} />
    </div>
  );
}
