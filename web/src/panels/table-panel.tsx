import { useReport } from '../overview/report-context.ts';
import { Panel } from './panel.tsx';
import { ReportTable } from './report-table.tsx';

interface TablePanelProps {
  readonly name: string;
  readonly title: string;
  readonly span: number;
}

export function TablePanel({ name, title, span }: TablePanelProps) {
  const report = useReport(name);
  return (
    <Panel name={name} title={title} report={report} span={span} body="table">
      {(answer) => <ReportTable answer={answer} />}
    </Panel>
  );
}
