import { useState } from 'react';
import { useReport, useReportScope } from '../overview/report-context.ts';
import { Panel } from './panel.tsx';
import { ReportTable } from './report-table.tsx';
import { ValuesDialog } from './values-dialog.tsx';

interface TablePanelProps {
  readonly name: string;
  readonly title: string;
  readonly span: number;
}

/** The first values of a list, in the order that a click on a heading asks for. */
export function TablePanel({ name, title, span }: TablePanelProps) {
  const { source } = useReportScope();
  const [sort, setSort] = useState('');
  const [isOpen, setOpen] = useState(false);
  const report = useReport(name, { sort });
  const shownTitle = report.value?.title ?? title;
  const all = source.isLive && (
    <button type="button" className="panel-action" aria-label={`All of ${shownTitle}`} onClick={() => setOpen(true)}>
      All
    </button>
  );
  return (
    <>
      <Panel name={name} title={title} report={report} span={span} body="table" actions={all}>
        {(answer) => <ReportTable answer={answer} sort={sort} onSort={source.isLive ? setSort : undefined} />}
      </Panel>
      {isOpen && <ValuesDialog name={name} title={shownTitle} onClose={() => setOpen(false)} />}
    </>
  );
}
