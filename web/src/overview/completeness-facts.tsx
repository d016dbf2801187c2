import { useState } from 'react';
import { toNumber } from '../data/report-answer.ts';
import { formatExactly, formatQuantity } from '../format/quantity.ts';
import { Definition } from '../panels/panel.tsx';
import { SqlDialog } from '../panels/sql-dialog.tsx';
import { Fact } from './fact.tsx';
import { useReport, useReportScope } from './report-context.ts';
import { rejectsInRangeAddress } from './strip-queries.ts';

/** What was rejected, late or sampled, of the range and the filters on the page. */
export function CompletenessFacts() {
  const { value: answer, isLoading, error } = useReport('completeness');
  const { source } = useReportScope();
  const [isSqlOpen, setSqlOpen] = useState(false);
  const row = answer?.rows[0] ?? {};
  const number = (name: string) => (answer ? toNumber(row[name]) : null);
  const stored = number('stored');
  const share = (count: number | null) =>
    count !== null && count === stored && stored > 0 ? 'all' : formatQuantity(count, 'count');
  const rejected = number('rejected');
  const rejectedText = `${formatQuantity(rejected, 'count')} ${rejected === 1 ? 'line' : 'lines'}`;
  return (
    <div
      className="completeness"
      aria-busy={isLoading}
      data-completeness={error ? 'error' : answer ? 'ready' : 'loading'}
    >
      <Fact
        name="Rejected"
        tone={rejected ? 'warn' : 'good'}
        title={`${formatExactly(rejected, 'count')} lines of the range could not be stored`}
      >
        {rejected && answer && source.isLive ? (
          <a href={rejectsInRangeAddress(answer)}>{rejectedText}</a>
        ) : (
          rejectedText
        )}
      </Fact>
      <Fact
        name="Late"
        title={`${formatExactly(number('late'), 'count')} requests of the range came over an hour late`}
      >
        {share(number('late'))}
      </Fact>
      <Fact
        name="Sampled"
        title={`${formatExactly(number('sampled'), 'count')} requests of the range are of logs that hold only some of all`}
      >
        {share(number('sampled'))}
      </Fact>
      <span className="fact-actions">
        <Definition title="Completeness" text={answer?.definition} />
        <button
          type="button"
          className="panel-action"
          disabled={!answer}
          aria-label="SQL of Completeness"
          onClick={() => setSqlOpen(true)}
        >
          SQL
        </button>
      </span>
      {isSqlOpen && answer && <SqlDialog answer={answer} onClose={() => setSqlOpen(false)} />}
    </div>
  );
}
