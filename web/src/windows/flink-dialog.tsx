import { useCallback } from 'react';
import type { FlinkAnswer } from '../../../src/server/window-answer.ts';
import { useAnswer } from '../data/use-answer.ts';
import { CodeBlock } from '../panels/code-block.tsx';
import { CopyButton } from '../panels/copy-button.tsx';
import { Dialog } from '../panels/dialog.tsx';
import { PanelError } from '../panels/panel.tsx';
import { SqlText } from '../sql/sql-text.tsx';
import { readFlink } from './windows-source.ts';

interface FlinkDialogProps {
  readonly name: string;
  readonly onClose: () => void;
}

/** The same query for Managed Service for Apache Flink. */
export function FlinkDialog({ name, onClose }: FlinkDialogProps) {
  const read = useCallback((signal: AbortSignal) => readFlink(name, signal), [name]);
  const { value, error, isLoading, retry } = useAnswer(read, name);
  return (
    <Dialog title={`Flink SQL of ${name}`} isBusy={isLoading} onClose={onClose}>
      {() => (
        <>
          {error !== null && <PanelError message={error} title="Flink SQL" onRetry={retry} />}
          {value && <Statements answer={value} />}
        </>
      )}
    </Dialog>
  );
}

function Statements({ answer: { table, query, problems } }: { readonly answer: FlinkAnswer }) {
  const sql = [table, ...(query === null ? [] : [query])].join('\n\n');
  return (
    <>
      <p className="muted">For Managed Service for Apache Flink. The connector of the table is to be filled in.</p>
      {problems.length > 0 && (
        <ul className="flink-problems" aria-label="Not translated">
          {problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
      <CodeBlock>
        <SqlText sql={sql} />
      </CodeBlock>
      <footer className="dialog-foot">
        <CopyButton text={[...problems.map((problem) => `-- ${problem}`), sql].join('\n')} />
      </footer>
    </>
  );
}
