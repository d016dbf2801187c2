import { type ReactNode, useId, useState } from 'react';
import type { Earlier } from '../compare/use-earlier.ts';
import type { ReportAnswer } from '../data/report-answer.ts';
import type { Loading } from '../data/use-answer.ts';
import { InfoIcon } from './icons.tsx';
import { SqlDialog } from './sql-dialog.tsx';
import { useDismiss } from './use-dismiss.ts';

interface PanelProps {
  readonly name: string;
  /** Shown until the report's own title has arrived. */
  readonly title: string;
  readonly report: Loading<ReportAnswer>;
  /** What it is compared with. */
  readonly earlier?: Earlier | null;
  /** Grid columns, out of twelve. */
  readonly span: number;
  /** Reserves the height of the content, so that the page does not jump. */
  readonly body: 'chart' | 'table';
  /** Muted, beside the title. */
  readonly note?: ((answer: ReportAnswer) => string) | undefined;
  /** Buttons beside that of the SQL. */
  readonly actions?: ReactNode;
  readonly children: (answer: ReportAnswer) => ReactNode;
}

/** Title, definition and SQL of a report around its chart; also shows the loading, failed and empty states. */
export function Panel({ name, title, report, earlier = null, span, body, note, actions, children }: PanelProps) {
  const [isSqlOpen, setSqlOpen] = useState(false);
  const titleId = useId();
  const answer = report.value;
  const shownTitle = answer?.title ?? title;
  return (
    <section
      className={`panel span-${span} panel-${body}`}
      aria-labelledby={titleId}
      aria-busy={report.isLoading}
      data-panel={name}
      data-state={stateOf(report)}
    >
      <header className="panel-head">
        <h2 id={titleId}>{shownTitle}</h2>
        {note && answer && <span className="panel-subtitle">{note(answer)}</span>}
        <Definition title={shownTitle} text={answer?.definition} />
        {actions}
        <button
          type="button"
          className="panel-action"
          disabled={!answer}
          aria-label={`SQL of ${shownTitle}`}
          onClick={() => setSqlOpen(true)}
        >
          SQL
        </button>
      </header>
      <div className="panel-body">
        <PanelBody report={report} title={shownTitle}>
          {children}
        </PanelBody>
      </div>
      {isSqlOpen && answer && <SqlDialog answer={answer} earlier={earlier} onClose={() => setSqlOpen(false)} />}
    </section>
  );
}

export function stateOf(report: Loading<ReportAnswer>): 'error' | 'loading' | 'empty' | 'ready' {
  if (report.error) return 'error';
  if (!report.value) return 'loading';
  return report.value.rows.length === 0 ? 'empty' : 'ready';
}

function PanelBody({ report, title, children }: Pick<PanelProps, 'report' | 'title' | 'children'>) {
  if (report.error && !report.value) return <PanelError message={report.error} title={title} onRetry={report.retry} />;
  if (!report.value) return <div className="skeleton" role="status" aria-label={`${title} is loading`} />;
  return (
    <>
      {report.value.rows.length === 0 ? (
        <p className="panel-note">
          Nothing in this range{report.value.parameters.q === '' ? '' : ' with this filter'}.
        </p>
      ) : (
        <div className={report.isStale ? 'stale' : undefined}>{children(report.value)}</div>
      )}
      {report.error && <p className="panel-problem">Not refreshed: {report.error}</p>}
    </>
  );
}

export function PanelError({
  message,
  title,
  onRetry,
}: {
  readonly message: string;
  readonly title: string;
  readonly onRetry: () => void;
}) {
  return (
    <div className="panel-error" role="alert">
      <p>{message}</p>
      <button type="button" className="button" onClick={onRetry} aria-label={`Retry ${title}`}>
        Retry
      </button>
    </div>
  );
}

export function Definition({ title, text }: { readonly title: string; readonly text: string | undefined }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const box = useDismiss<HTMLSpanElement>(isOpen, () => setOpen(false));
  return (
    <span className="definition" ref={box}>
      <button
        type="button"
        className="panel-action"
        aria-label={`What ${title} means`}
        aria-expanded={isOpen}
        aria-controls={id}
        disabled={!text}
        onClick={() => setOpen(!isOpen)}
      >
        <InfoIcon />
      </button>
      {isOpen && (
        <span className="definition-text" id={id} role="note">
          {text}
        </span>
      )}
    </span>
  );
}
