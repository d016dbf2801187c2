import '../style/sql.css';
import { type FormEvent, Fragment, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { type QueryResult, runQuery, type SchemaColumn } from '../data/http-source.ts';
import { PageHeader } from '../overview/page-header.tsx';
import { HealthFact } from '../pipelines/health-fact.tsx';
import { exampleQuestions } from './example-questions.ts';
import { maxShownRows, ResultTable } from './result-table.tsx';
import type { SqlEditorProps } from './sql-editor.tsx';
import { sqlPageAddress } from './sql-page-address.ts';
import { StatementField, useSchema } from './statement-field.tsx';

type Outcome =
  | { readonly kind: 'none' | 'running' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'done'; readonly sql: string; readonly result: QueryResult; readonly elapsedMs: number };

/** A statement from the URL is shown, not run: opening a link must not start work on the server. */
export function SqlPage({ statement }: { readonly statement: string }) {
  const [sql, setSql] = useState(statement || (exampleQuestions[0]?.sql ?? ''));
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'none' });
  const schema = useSchema();
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);
  const asked = useRef(statement);
  // Back and forward show what was asked before.
  useLayoutEffect(() => {
    if (statement === asked.current) return;
    asked.current = statement;
    running.current?.abort();
    setSql(statement);
    setOutcome({ kind: 'none' });
  }, [statement]);

  const run = async () => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setOutcome({ kind: 'running' });
    asked.current = sql;
    window.location.hash = sqlPageAddress(sql);
    const startMs = performance.now();
    try {
      const result = await runQuery(sql, { limit: maxShownRows + 1, signal: controller.signal });
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
  const editing: SqlEditorProps = { value: sql, schema, onChange: setSql, onRun: () => void run() };

  return (
    <>
      <PageHeader page="sql" />
      <main className="page">
        <section className="trust" aria-label="State of the pipelines">
          <div className="facts">
            <HealthFact />
          </div>
        </section>
        <form className="panel sql-form" onSubmit={submit}>
          <StatementField {...editing} />
          <div className="sql-form-foot">
            <span className="muted">
              <TableNames schema={schema} /> Read-only. Ctrl+Enter runs.
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

/** Those that people ask; the completion knows the books as well. */
const usualTables = ['requests', 'logs', 'rejects', 'events', 'ledger', 'cf_logs'];

function TableNames({ schema }: { readonly schema: readonly SchemaColumn[] }) {
  const names = new Set(schema.map(({ table }) => table).filter((name) => /^windows_|\./.test(name)));
  return (
    <>
      Tables:{' '}
      {[...usualTables, ...names].map((name, index) => (
        <Fragment key={name}>
          {index > 0 && ', '}
          <code>{name}</code>
        </Fragment>
      ))}
      .
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
