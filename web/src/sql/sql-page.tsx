import '../style/sql.css';
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { type QueryResult, runQuery } from '../data/http-source.ts';
import { PageHeader } from '../overview/page-header.tsx';
import { HealthFact } from '../pipelines/health-fact.tsx';
import { exampleQuestions } from './example-questions.ts';
import { ResultTable } from './result-table.tsx';
import { sqlPageAddress } from './sql-page-address.ts';

type Outcome =
  | { readonly kind: 'none' | 'running' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'done'; readonly sql: string; readonly result: QueryResult; readonly elapsedMs: number };

/** A statement from the URL is shown, not run: opening a link must not start work on the server. */
export function SqlPage({ statement }: { readonly statement: string }) {
  const [sql, setSql] = useState(statement || (exampleQuestions[0]?.sql ?? ''));
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'none' });
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);

  const run = async () => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setOutcome({ kind: 'running' });
    // Without a hash event: the page stays, and the address bar links to what is shown.
    window.history.replaceState(null, '', sqlPageAddress(sql));
    const startMs = performance.now();
    try {
      const result = await runQuery(sql, controller.signal);
      setOutcome({ kind: 'done', sql, result, elapsedMs: performance.now() - startMs });
    } catch (error) {
      if (running.current !== controller) return;
      const message = controller.signal.aborted ? 'Cancelled.' : error instanceof Error ? error.message : String(error);
      setOutcome({ kind: 'failed', message });
    }
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void run();
  };

  return (
    <>
      <PageHeader page="sql" />
      <main className="page">
        <section className="trust" aria-label="State of the pipelines">
          <dl className="facts">
            <HealthFact />
          </dl>
        </section>
        <form className="panel sql-form" onSubmit={submit}>
          <label className="hidden-text" htmlFor="sql">
            SQL
          </label>
          <textarea
            id="sql"
            className="sql-input"
            spellCheck={false}
            autoComplete="off"
            rows={Math.min(24, Math.max(6, sql.split('\n').length + 1))}
            value={sql}
            onChange={(event) => setSql(event.target.value)}
            onKeyDown={onKeyDown}
          />
          <div className="sql-form-foot">
            <span className="muted">
              Tables: <code>requests</code>, <code>logs</code>, <code>rejects</code>, <code>events</code>,{' '}
              <code>ledger</code>, <code>cf_logs</code>. Read-only. Ctrl+Enter runs.
            </span>
            {outcome.kind === 'running' && (
              <button type="button" className="button" onClick={() => running.current?.abort()}>
                Cancel
              </button>
            )}
            <button type="submit" className="button button-primary" disabled={outcome.kind === 'running'}>
              Run
            </button>
          </div>
        </form>
        {outcome.kind === 'none' && !statement && <Examples onChoose={setSql} />}
        <SqlOutcome outcome={outcome} />
      </main>
    </>
  );
}

function Examples({ onChoose }: { readonly onChoose: (sql: string) => void }) {
  return (
    <section className="sql-examples" aria-label="Examples">
      <span className="muted">Begin with</span>
      {exampleQuestions.map(({ name, sql }) => (
        <button key={name} type="button" className="button" onClick={() => onChoose(sql)}>
          {name}
        </button>
      ))}
    </section>
  );
}

function SqlOutcome({ outcome }: { readonly outcome: Outcome }) {
  switch (outcome.kind) {
    case 'none':
      return null;
    case 'running':
      return <div className="panel skeleton skeleton-page" role="status" aria-label="Running" />;
    case 'failed':
      return (
        <section className="panel" role="alert">
          <pre className="sql-problem">{outcome.message}</pre>
        </section>
      );
    case 'done':
      return <ResultTable sql={outcome.sql} result={outcome.result} elapsedMs={outcome.elapsedMs} />;
  }
}
