import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { WindowBacktestAnswer } from '../../../src/server/backtest-answer.ts';
import type { WindowAnswer } from '../../../src/server/window-answer.ts';
import { httpSource } from '../data/http-source.ts';
import { CodeBlock } from '../panels/code-block.tsx';
import { CopyButton } from '../panels/copy-button.tsx';
import { StatementField, useSchema } from '../sql/statement-field.tsx';
import { parseUtc } from '../view/time-range.ts';
import { BacktestResult } from './backtest-result.tsx';
import { type BacktestRange, runBacktest } from './backtest-source.ts';
import { DraftFields } from './draft-fields.tsx';
import { RangeFields } from './range-fields.tsx';
import { SaveWindow } from './save-window.tsx';
import { draftOf, emptyDraft, type WindowDraft, yamlOf } from './window-draft.ts';
import { windowsAddress } from './windows-address.ts';

interface WindowEditorProps {
  /** What the draft begins with; undefined: a new query. */
  readonly window: WindowAnswer | undefined;
}

type Outcome =
  | { readonly kind: 'none' | 'running' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'done'; readonly draft: WindowDraft; readonly answer: WindowBacktestAnswer };

/** A continuous query is written, and tried over what is stored, before it is put into the configuration. */
export function WindowEditor({ window }: WindowEditorProps) {
  const [draft, setDraft] = useState(() => (window ? draftOf(window) : emptyDraft));
  const [range, setRange] = useState<BacktestRange>(hourBefore(Date.now()));
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'none' });
  const schema = useSchema();
  const running = useRef<AbortController>(null);
  useEffect(() => {
    const controller = new AbortController();
    // The last hour of what is stored; without an answer that of now.
    httpSource.readRange(controller.signal).then(
      ({ opensOn, lastTime }) => setRange(hourBefore(parseUtc(opensOn?.to ?? lastTime ?? '') || Date.now())),
      () => {},
    );
    return () => {
      controller.abort();
      running.current?.abort();
    };
  }, []);

  const run = async () => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setOutcome({ kind: 'running' });
    try {
      const answer = await runBacktest(draft, range, controller.signal);
      setOutcome({ kind: 'done', draft, answer });
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
  const yaml = yamlOf(draft);
  return (
    <>
      <p className="crumbs">
        <a href={windowsAddress}>All continuous queries</a>
      </p>
      <form className="panel sql-form" aria-label="Draft" data-panel="window-draft" onSubmit={submit}>
        <header className="panel-head">
          <h2>{window ? `A change of ${window.name}` : 'A new continuous query'}</h2>
          <span className="panel-subtitle">nothing is changed by trying it</span>
        </header>
        <DraftFields draft={draft} onChange={setDraft} />
        <StatementField
          value={draft.sql}
          schema={schema}
          onChange={(sql) => setDraft((before) => ({ ...before, sql }))}
          onRun={() => void run()}
        />
        <div className="sql-form-foot">
          <RangeFields range={range} onChange={setRange} />
          {outcome.kind === 'running' && (
            <button type="button" className="button" onClick={() => running.current?.abort()}>
              Cancel
            </button>
          )}
          <button type="submit" className="button button-primary" disabled={outcome.kind === 'running'}>
            Backtest
          </button>
        </div>
      </form>
      {outcome.kind === 'running' && (
        <div className="panel skeleton skeleton-page" role="status" aria-label="Running" />
      )}
      {outcome.kind === 'failed' && (
        <section className="panel" role="alert">
          <pre className="sql-problem">{outcome.message}</pre>
        </section>
      )}
      {outcome.kind === 'done' && <BacktestResult draft={outcome.draft} answer={outcome.answer} />}
      <section className="panel" aria-label="Configuration" data-panel="window-yaml">
        <header className="panel-head">
          <h2>Configuration</h2>
          <span className="panel-subtitle">
            for tailrace.yaml: a running server follows its file
            {window && window.outputs.length > 0 && '; keep the outputs of its entry'}
          </span>
          <CopyButton text={yaml} />
        </header>
        <CodeBlock>{yaml}</CodeBlock>
        <SaveWindow draft={draft} />
      </section>
    </>
  );
}

const hourMs = 3_600_000;
const minuteMs = 60_000;

function hourBefore(ms: number): BacktestRange {
  const toMs = Math.ceil(ms / minuteMs) * minuteMs;
  return { fromMs: toMs - hourMs, toMs };
}
