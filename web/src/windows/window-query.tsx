import { useState } from 'react';
import type { WindowAnswer, WindowExplanationAnswer } from '../../../src/server/window-answer.ts';
import type { Loading } from '../data/use-answer.ts';
import { formatExactly, formatQuantity } from '../format/quantity.ts';
import { formatLength } from '../format/time-text.ts';
import { CodeBlock } from '../panels/code-block.tsx';
import { PanelError } from '../panels/panel.tsx';
import { sqlPageAddress } from '../sql/sql-page-address.ts';
import { SqlText } from '../sql/sql-text.tsx';
import { dedent } from './dedent.ts';
import { FlinkDialog } from './flink-dialog.tsx';
import type { LiveWindow } from './live-window.ts';
import { DeleteWindow } from './save-window.tsx';
import { sqlOfWindow } from './window-words.ts';

interface WindowQueryProps {
  readonly window: WindowAnswer;
  /** Over whose rows the SQL opens. */
  readonly latest: LiveWindow | undefined;
  readonly explained: Loading<WindowExplanationAnswer>;
}

/** What is asked, and how it is answered. */
export function WindowQuery({ window, latest, explained: { value, error, retry } }: WindowQueryProps) {
  const [isFlinkOpen, setFlinkOpen] = useState(false);
  const { name, origin, sql, disorderMs, latenessMs, idleMs, keepMs } = window;
  const facts: readonly (readonly [name: string, text: string])[] = [
    ['Disorder', `rows may be ${formatLength(disorderMs)} behind the latest one of their feed`],
    ['Lateness', `rows that come up to ${formatLength(latenessMs)} later correct their window`],
    ['Idle', `a feed that is silent for ${formatLength(idleMs)} holds nothing up`],
    ['Kept', `results for ${formatLength(keepMs)}`],
    ['Defined', origin === 'api' ? 'over the API, kept in the store' : 'in the configuration'],
  ];
  return (
    <section className="panel" aria-label="Query" data-panel="window-query">
      <header className="panel-head window-head">
        <h2>Query</h2>
        <span className="panel-subtitle">over the rows of one window; opens as SQL over those of the latest</span>
        <button type="button" className="panel-action" onClick={() => setFlinkOpen(true)}>
          Flink SQL
        </button>
        {value && latest && (
          <a
            className="panel-action"
            href={sqlPageAddress(sqlOfWindow(value.question, latest))}
            aria-label={`SQL of ${name}`}
          >
            SQL
          </a>
        )}
      </header>
      {error !== null && <PanelError message={error} title="how it is answered" onRetry={retry} />}
      <dl className="words">
        {[...(value ? describeStates(value) : []), ...facts].map(([fact, text]) => (
          <div key={fact}>
            <dt>{fact}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <CodeBlock>
        <SqlText sql={dedent(sql)} />
      </CodeBlock>
      <DeleteWindow window={window} />
      {isFlinkOpen && <FlinkDialog name={name} onClose={() => setFlinkOpen(false)} />}
    </section>
  );
}

function describeStates({ states, why }: WindowExplanationAnswer): readonly (readonly [string, string])[] {
  if (!states) return [['Answered', `over the rows of each window once it is over, because ${why}`]];
  const { paneMs, keyTypes, stateTypes, size } = states;
  return [
    [
      'Answered',
      `from aggregate states, into which closed batches are folded by panes of ${formatLength(paneMs)} and key`,
    ],
    ['Keys', keyTypes.join(', ') || 'none'],
    ['States', stateTypes.join(', ') || 'none'],
    ['State now', `${formatExactly(size.rows, 'count')} rows, ${formatQuantity(size.bytes, 'bytes')} in memory`],
  ];
}
