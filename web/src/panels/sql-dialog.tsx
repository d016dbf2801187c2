import { useState } from 'react';
import type { Earlier } from '../compare/use-earlier.ts';
import type { ReportAnswer } from '../data/report-answer.ts';
import { useReportScope } from '../overview/report-context.ts';
import { fillParameters } from '../sql/fill-parameters.ts';
import { sqlPageAddress } from '../sql/sql-page-address.ts';
import { SqlText } from '../sql/sql-text.tsx';
import { CodeBlock } from './code-block.tsx';
import { CopyButton } from './copy-button.tsx';
import { Dialog } from './dialog.tsx';

interface SqlDialogProps {
  readonly answer: ReportAnswer;
  /** What it is compared with: a statement of its own. */
  readonly earlier?: Earlier | null;
  readonly onClose: () => void;
}

export function SqlDialog({ answer: ofRange, earlier = null, onClose }: SqlDialogProps) {
  const { source } = useReportScope();
  const [isEarlier, setEarlier] = useState(false);
  const answer = (isEarlier && earlier?.answer) || ofRange;
  const sql = fillParameters(answer.sql, { ...answer.parameters, ...answer.filterValues });

  return (
    <Dialog title={answer.title} onClose={onClose}>
      {() => (
        <>
          {earlier?.answer && (
            <fieldset className="segments">
              <legend className="hidden-text">SQL of</legend>
              {[false, true].map((isOfEarlier) => (
                <button
                  key={String(isOfEarlier)}
                  type="button"
                  aria-pressed={isEarlier === isOfEarlier}
                  onClick={() => setEarlier(isOfEarlier)}
                >
                  {isOfEarlier ? earlier.name : 'This range'}
                </button>
              ))}
            </fieldset>
          )}
          <p className="sql-dialog-definition">{answer.definition}</p>
          <CodeBlock>
            <SqlText sql={sql} />
          </CodeBlock>
          <footer className="dialog-foot">
            <span className="muted">
              {answer.rows.length} {answer.rows.length === 1 ? 'row' : 'rows'} in{' '}
              {Math.max(1, Math.round(answer.elapsedMs))} ms
            </span>
            <CopyButton text={sql} select={selectSql} />
            {source.isLive && (
              <a className="button button-primary" href={sqlPageAddress(sql)}>
                Open in SQL console
              </a>
            )}
          </footer>
        </>
      )}
    </Dialog>
  );
}

function selectSql(): void {
  const block = document.querySelector('dialog[open] .sql-block');
  if (block) window.getSelection()?.selectAllChildren(block);
}
