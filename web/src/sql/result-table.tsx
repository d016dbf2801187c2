import { useState } from 'react';
import type { QueryResult } from '../data/http-source.ts';
import { DownloadButtons } from './download-button.tsx';
import { printValue } from './print-value.ts';
import { RowDialog } from './row-dialog.tsx';

/** With more rows the page scrolls slowly; a download has any number. */
export const maxShownRows = 1000;

interface ResultTableProps {
  /** The statement that was run, which may differ from the one being edited. */
  readonly sql: string;
  readonly result: QueryResult;
  readonly elapsedMs: number;
}

export function ResultTable({ sql, result, elapsedMs }: ResultTableProps) {
  const shown = result.data.slice(0, maxShownRows);
  const [chosen, choose] = useState<number>();
  const row = chosen === undefined ? undefined : shown[chosen];
  return (
    <section className="panel" aria-label="Result">
      <div className="result-head">
        <p className="muted" role="status">
          {shown.length < result.data.length && 'The first '}
          {shown.length} {shown.length === 1 ? 'row' : 'rows'} in {Math.max(1, Math.round(elapsedMs))} ms
        </p>
        <DownloadButtons sql={sql} />
      </div>
      <div className="table-scroll">
        <table className="result-table">
          <thead>
            <tr>
              <td />
              {result.meta.map(({ name, type }) => (
                <th key={name} scope="col" className={isNumber(type) ? 'number' : undefined} title={type}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of a result have no identity, and never move
              <tr key={index}>
                <td>
                  <button
                    type="button"
                    className="row-button"
                    aria-label={`Row ${index + 1}`}
                    onClick={() => choose(index)}
                  >
                    {index + 1}
                  </button>
                </td>
                {result.meta.map(({ name, type }) => (
                  <td key={name} className={isNumber(type) ? 'number' : undefined}>
                    {printValue(row[name])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {row && chosen !== undefined && (
        <RowDialog meta={result.meta} row={row} place={chosen + 1} onClose={() => choose(undefined)} />
      )}
    </section>
  );
}

function isNumber(type: string): boolean {
  return /^(?:LowCardinality\()?(?:Nullable\()?(?:U?Int|Float|Decimal|BFloat)/.test(type);
}
