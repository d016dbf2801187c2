import '../style/sql.css';
import { useEffect, useId, useRef, useState } from 'react';
import type { ReportAnswer } from '../data/report-answer.ts';
import { useReportScope } from '../overview/report-context.ts';
import { fillParameters } from '../sql/fill-parameters.ts';
import { sqlPageAddress } from '../sql/sql-page-address.ts';
import { SqlText } from '../sql/sql-text.tsx';
import { CloseIcon } from './icons.tsx';

export function SqlDialog({ answer, onClose }: { readonly answer: ReportAnswer; readonly onClose: () => void }) {
  const { source } = useReportScope();
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const sql = fillParameters(answer.sql, { ...answer.parameters, ...answer.filterValues });
  useEffect(() => dialog.current?.showModal(), []);

  return (
    <dialog
      ref={dialog}
      className="sql-dialog"
      aria-labelledby={titleId}
      onClose={onClose}
      onPointerDown={(event) => {
        if (event.target === dialog.current) dialog.current?.close();
      }}
    >
      <div className="sql-dialog-box">
        <header className="panel-head">
          <h2 id={titleId}>{answer.title}</h2>
          <button type="button" className="panel-action" aria-label="Close" onClick={() => dialog.current?.close()}>
            <CloseIcon />
          </button>
        </header>
        <p className="sql-dialog-definition">{answer.definition}</p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
        <pre className="sql-block" tabIndex={0}>
          <SqlText sql={sql} />
        </pre>
        <footer className="sql-dialog-foot">
          <span className="muted">
            {answer.rows.length} {answer.rows.length === 1 ? 'row' : 'rows'} in{' '}
            {Math.max(1, Math.round(answer.elapsedMs))} ms
          </span>
          <CopyButton text={sql} />
          {source.isLive && (
            <a className="button button-primary" href={sqlPageAddress(sql)}>
              Open in SQL console
            </a>
          )}
        </footer>
      </div>
    </dialog>
  );
}

function CopyButton({ text }: { readonly text: string }) {
  const [outcome, setOutcome] = useState<'' | 'Copied' | 'Press Ctrl+C'>('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('Copied');
    } catch {
      // Plain HTTP on another host has no clipboard: select the text, so that one key press copies it.
      const block = document.querySelector('dialog[open] .sql-block');
      if (block) window.getSelection()?.selectAllChildren(block);
      setOutcome('Press Ctrl+C');
    }
  };
  return (
    <button type="button" className="button" onClick={copy} aria-live="polite">
      {outcome || 'Copy'}
    </button>
  );
}
