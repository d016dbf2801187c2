import { useEffect, useRef, useState } from 'react';
import { downloadCsv } from '../data/http-source.ts';

/** Runs the query again for all rows, and saves them as a file. */
export function DownloadButton({ sql }: { readonly sql: string }) {
  const [problem, setProblem] = useState<string>();
  const [isRunning, setRunning] = useState(false);
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);

  const download = async () => {
    const controller = new AbortController();
    running.current = controller;
    setRunning(true);
    setProblem(undefined);
    try {
      save(await downloadCsv(sql, controller.signal), 'tailrace.csv');
    } catch (error) {
      if (!controller.signal.aborted) setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setRunning(false);
    }
  };

  return (
    <>
      <button
        type="button"
        className="button"
        disabled={isRunning}
        title="All rows, for a spreadsheet: texts that it would run as formulas are prefixed with an apostrophe"
        onClick={() => void download()}
      >
        Download CSV
      </button>
      {problem !== undefined && (
        <span className="download-problem" role="alert">
          {problem}
        </span>
      )}
    </>
  );
}

function save(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
