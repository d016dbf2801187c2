import type { QueryResult } from '../data/http-source.ts';
import { DownloadButton } from './download-button.tsx';

/** With more rows the page scrolls slowly; the API streams any number. */
const maxShownRows = 1000;

interface ResultTableProps {
  /** The statement that was run, which may differ from the one being edited. */
  readonly sql: string;
  readonly result: QueryResult;
  readonly elapsedMs: number;
}

export function ResultTable({ sql, result, elapsedMs }: ResultTableProps) {
  const shown = result.data.slice(0, maxShownRows);
  const count = result.data.length;
  return (
    <section className="panel" aria-label="Result">
      <div className="result-head">
        <p className="muted" role="status">
          {count} {count === 1 ? 'row' : 'rows'} in {Math.max(1, Math.round(elapsedMs))} ms
          {count > maxShownRows && `; the first ${maxShownRows} are shown`}
        </p>
        <DownloadButton sql={sql} />
      </div>
      <div className="table-scroll">
        <table className="result-table">
          <thead>
            <tr>
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
    </section>
  );
}

function isNumber(type: string): boolean {
  return /^(?:LowCardinality\()?(?:Nullable\()?(?:U?Int|Float|Decimal|BFloat)/.test(type);
}

function printValue(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
