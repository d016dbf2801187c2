import { useState } from 'react';
import type { OutputName } from '../../../src/engine/output-formats.ts';
import { prepareDownload } from '../data/http-source.ts';

const formats: readonly { readonly format: OutputName; readonly label: string; readonly hint: string }[] = [
  {
    format: 'csv-safe',
    label: 'CSV',
    hint: 'For a spreadsheet: texts that it would run as formulas are prefixed with an apostrophe',
  },
  { format: 'ndjson', label: 'NDJSON', hint: 'One JSON object a line' },
  { format: 'parquet', label: 'Parquet', hint: 'For DuckDB, PyArrow and Spark' },
];

/** Runs the query again for all rows, which the browser streams to a file. */
export function DownloadButtons({ sql }: { readonly sql: string }) {
  const [problem, setProblem] = useState<string>();
  const download = async (format: OutputName) => {
    setProblem(undefined);
    try {
      fetchAsFile(await prepareDownload(sql, format));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <>
      <span className="muted">All rows as</span>
      {formats.map(({ format, label, hint }) => (
        <button
          key={format}
          type="button"
          className="button"
          title={hint}
          aria-label={`Download ${label}`}
          onClick={() => void download(format)}
        >
          {label}
        </button>
      ))}
      {problem !== undefined && (
        <span className="download-problem" role="alert">
          {problem}
        </span>
      )}
    </>
  );
}

function fetchAsFile(address: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = '';
  link.click();
}
