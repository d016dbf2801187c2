import { useState } from 'react';
import { reportAddress } from '../data/report-address.ts';
import { toNumber } from '../data/report-answer.ts';
import { formatExactly } from '../format/quantity.ts';
import { useReport, useReportScope } from '../overview/report-context.ts';
import { Dialog } from './dialog.tsx';
import { PanelError } from './panel.tsx';
import { ReportTable } from './report-table.tsx';

const pageRows = 100;

interface ValuesDialogProps {
  readonly name: string;
  readonly title: string;
  readonly onClose: () => void;
}

/** All values of a list, a page at a time, with their number and their share of all requests. */
export function ValuesDialog({ name, title, onClose }: ValuesDialogProps) {
  const [sort, setSort] = useState('');
  const [offset, setOffset] = useState(0);
  const page = useReport(name, { sort, offset, limit: pageRows });
  const totals = useReport(`${name}/totals`).value?.rows[0];
  const { addTerm } = useReportScope();

  const values = toNumber(totals?.values);
  const requests = toNumber(totals?.requests);
  const last = offset + (page.value?.rows.length ?? 0);
  return (
    <Dialog
      title={title}
      subtitle={
        values === null
          ? undefined
          : `${formatExactly(values, 'count')} values, ${formatExactly(requests, 'count')} requests`
      }
      isBusy={page.isLoading}
      onClose={onClose}
    >
      {(close) => (
        <>
          {page.error && <PanelError message={page.error} title={title} onRetry={page.retry} />}
          {page.value && (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
            <div className="values-scroll" tabIndex={0}>
              <ReportTable
                answer={page.value}
                total={requests}
                sort={sort}
                onSort={(next) => {
                  setSort(next);
                  setOffset(0);
                }}
                onFilter={addTerm && close}
              />
            </div>
          )}
          <footer className="dialog-foot">
            <span className="muted">
              {last > offset && `${formatExactly(offset + 1, 'count')} to ${formatExactly(last, 'count')}`}
            </span>
            <button
              type="button"
              className="button"
              disabled={offset === 0}
              onClick={() => setOffset(Math.max(0, offset - pageRows))}
            >
              Previous
            </button>
            <button
              type="button"
              className="button"
              disabled={page.isLoading || values === null || last >= values}
              onClick={() => setOffset(offset + pageRows)}
            >
              Next
            </button>
            {page.value && (
              <a
                className="button"
                href={reportAddress(`${name}/csv`, { ...page.value.parameters, offset: 0 })}
                download
              >
                All as CSV
              </a>
            )}
          </footer>
        </>
      )}
    </Dialog>
  );
}
