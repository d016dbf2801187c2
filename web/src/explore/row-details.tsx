import { useCallback, useMemo } from 'react';
import type { ExploredTable } from '../../../src/explore/explored-table.ts';
import { findField } from '../../../src/filters/fields.ts';
import type { Term } from '../../../src/filters/filter.ts';
import { useAnswer } from '../data/use-answer.ts';
import { termOf, textOfTerm } from '../filters/edit-filter.ts';
import { useReportScope } from '../overview/report-context.ts';
import { CopyButton } from '../panels/copy-button.tsx';
import { PanelError } from '../panels/panel.tsx';
import { AddressLink } from './address-link.tsx';
import type { ExploreState } from './explore-address.ts';
import { type RowAnswer, readRow } from './explore-source.ts';
import { neighbourLinks } from './neighbour-links.ts';
import { printWhole } from './print-cell.ts';
import { curlCommand, requestUrl } from './request-url.ts';
import { toggleColumn } from './shown-columns.ts';

interface RowDetailsProps {
  readonly table: ExploredTable;
  /** Its position. */
  readonly row: string;
  readonly columns: readonly string[];
  readonly change: (part: Partial<ExploreState>) => void;
}

/** All that is known of a row, and what can be done with it. */
export function RowDetails({ table, row, columns, change }: RowDetailsProps) {
  const read = useCallback((signal: AbortSignal) => readRow(table, row, signal), [table, row]);
  const { value: answer, error, retry } = useAnswer(read, JSON.stringify([table, row]));
  if (error) return <PanelError message={error} title="row" onRetry={retry} />;
  if (!answer) return <div className="skeleton row-skeleton" role="status" aria-label="The row is loading" />;
  return (
    <div className="row-details" data-row-details="">
      <RowActions table={table} answer={answer} />
      {table === 'requests' ? (
        <RequestFacts answer={answer} />
      ) : (
        <pre className="log-message">{printWhole(answer.values.message)}</pre>
      )}
      <OriginFacts answer={answer} />
      <AllValues
        answer={answer}
        columns={columns}
        onColumn={(name) => change({ columns: toggleColumn(columns, name) })}
      />
    </div>
  );
}

function RowActions({ table, answer }: { readonly table: ExploredTable; readonly answer: RowAnswer }) {
  const { values } = answer;
  return (
    <div className="row-actions">
      {neighbourLinks(table, values).map(({ name, address }) => (
        <AddressLink key={name} className="button" address={address}>
          {name}
        </AddressLink>
      ))}
      {table === 'requests' && <CopyButton label="Copy as curl" text={curlCommand(values)} />}
      <CopyButton label="Copy link" text={window.location.href} />
      <CopyButton label="Copy as JSON" text={JSON.stringify(values)} />
    </div>
  );
}

function RequestFacts({ answer: { values } }: { readonly answer: RowAnswer }) {
  const agent = [
    [values.browser, values.browser_version],
    [values.os, values.os_version],
    [values.device_class, values.device],
    [values.bot, values.bot_category],
  ]
    .map((parts) => parts.filter((part) => part && part !== 'Other').join(' '))
    .filter(Boolean);
  return (
    <dl className="row-facts">
      <div>
        <dt>Address</dt>
        <dd>
          {String(values.method ?? '')} {requestUrl(values)}
        </dd>
      </div>
      {agent.length > 0 && (
        <div>
          <dt>User agent</dt>
          <dd>{agent.join(', ')}</dd>
        </div>
      )}
    </dl>
  );
}

function OriginFacts({ answer: { values, origin } }: { readonly answer: RowAnswer }) {
  return (
    <dl className="row-facts">
      <div>
        <dt>Came from</dt>
        <dd>
          {origin === null
            ? 'a batch that is not closed yet'
            : `${origin.origin}, line ${printWhole(values.line_number)}; ${origin.format}${origin.pipeline === '' ? '' : `, pipeline ${origin.pipeline}`}; stored ${origin.storedAt.slice(0, 19)} UTC`}
        </dd>
      </div>
    </dl>
  );
}

interface AllValuesProps {
  readonly answer: RowAnswer;
  readonly columns: readonly string[];
  readonly onColumn: (name: string) => void;
}

function AllValues({ answer: { values }, columns, onColumn }: AllValuesProps) {
  const { fields } = useReportScope();
  const listed = useMemo(() => listValues(values), [values]);
  const missing = Object.keys(values).filter((name) => isMissing(values[name]));
  return (
    <>
      <table className="row-values-table">
        <tbody>
          {listed.map(([name, value]) => {
            const field = fields && findField(fields, name);
            const term = field && termOf(name, String(value), false, fields);
            return (
              <tr key={name}>
                <th scope="row" title={field?.description}>
                  {name}
                </th>
                <td className="row-value-actions">
                  {term && <FilterButtons term={term} />}
                  <button
                    type="button"
                    aria-pressed={columns.includes(name)}
                    aria-label={`Column ${name}`}
                    title={columns.includes(name) ? 'Is a column' : 'Show as a column'}
                    onClick={() => onColumn(name)}
                  >
                    ▥
                  </button>
                </td>
                <td>{printWhole(value)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {missing.length > 0 && <p className="muted row-missing">Not logged: {missing.join(', ')}.</p>}
    </>
  );
}

function FilterButtons({ term }: { readonly term: Term }) {
  const { addTerm, fields } = useReportScope();
  const text = textOfTerm(term, fields);
  return (
    <>
      <button type="button" aria-label={`Only ${text}`} title={`Only ${text}`} onClick={() => addTerm?.(term)}>
        +
      </button>
      <button
        type="button"
        aria-label={`Without ${text}`}
        title={`Without ${text}`}
        onClick={() => addTerm?.({ ...term, isNegated: true })}
      >
        −
      </button>
    </>
  );
}

function isMissing(value: unknown): boolean {
  return value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
}

/** Values of maps each under their key. */
function listValues(values: RowAnswer['values']): readonly (readonly [name: string, value: unknown])[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (isMissing(value)) return [];
    if (typeof value !== 'object' || value === null) return [[name, value] as const];
    return Object.entries(value).map(([key, one]) => [`${name}.${key}`, one] as const);
  });
}
