import { useCallback, useState } from 'react';
import type { ExploredTable } from '../../../src/explore/explored-table.ts';
import type { Field } from '../../../src/filters/fields.ts';
import { useAnswer } from '../data/use-answer.ts';
import { termOf } from '../filters/edit-filter.ts';
import { ValueButton } from '../filters/value-button.tsx';
import { formatExactly, formatQuantity } from '../format/quantity.ts';
import { useReportScope } from '../overview/report-context.ts';
import { PanelError } from '../panels/panel.tsx';
import { readValues, type ValuesAnswer } from './explore-source.ts';
import { toggleColumn } from './shown-columns.ts';
import { useAsked } from './use-rows.ts';

interface FieldListProps {
  readonly table: ExploredTable;
  readonly columns: readonly string[];
  readonly onColumns: (columns: readonly string[]) => void;
}

const widePixels = 1000;

/** The fields of the rows; one that is opened shows its most frequent values, each of which filters. */
export function FieldList({ table, columns, onColumns }: FieldListProps) {
  const { fields } = useReportScope();
  const [wanted, setWanted] = useState('');
  const found = [...(fields?.byName.values() ?? [])].filter(({ name }) => name.includes(wanted.trim().toLowerCase()));
  return (
    <details className="panel field-list" open={window.innerWidth >= widePixels}>
      <summary>Fields</summary>
      <input
        type="search"
        className="filter-input"
        placeholder="Find a field"
        aria-label="Find a field"
        value={wanted}
        onInput={({ currentTarget }) => setWanted(currentTarget.value)}
      />
      <ul>
        {found.map((field) => (
          <FieldItem
            key={field.name}
            table={table}
            field={field}
            isColumn={columns.includes(field.name)}
            onColumn={() => onColumns(toggleColumn(columns, field.name))}
          />
        ))}
      </ul>
    </details>
  );
}

interface FieldItemProps {
  readonly table: ExploredTable;
  readonly field: Field;
  readonly isColumn: boolean;
  readonly onColumn: () => void;
}

function FieldItem({ table, field, isColumn, onColumn }: FieldItemProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <li data-field={field.name}>
      <div className="field-head">
        <button
          type="button"
          className="field-name"
          aria-expanded={isOpen}
          title={field.description}
          onClick={() => setOpen(!isOpen)}
        >
          {field.name}
        </button>
        <button
          type="button"
          className="panel-action"
          aria-pressed={isColumn}
          aria-label={`Column ${field.name}`}
          title={isColumn ? 'Is a column' : 'Show as a column'}
          onClick={onColumn}
        >
          ▥
        </button>
      </div>
      {isOpen && <FieldValues table={table} name={field.name} />}
    </li>
  );
}

function FieldValues({ table, name }: { readonly table: ExploredTable; readonly name: string }) {
  const { question, fields } = useReportScope();
  const asked = useAsked();
  const read = useCallback(
    (signal: AbortSignal) => readValues(table, { ...asked, field: name }, signal),
    [table, asked, name],
  );
  const { value: answer, error, isStale, retry } = useAnswer(read, JSON.stringify([table, question, name]));
  if (error && !answer) return <PanelError message={error} title={name} onRetry={retry} />;
  if (!answer) return <div className="skeleton field-skeleton" role="status" aria-label={`Values of ${name}`} />;
  return (
    <div className={isStale ? 'field-values stale' : 'field-values'}>
      <ul>
        {answer.values.map(({ value, rows }) => (
          <li key={value}>
            <i className="bar" style={{ width: `${(rows / answer.rows) * 100}%` }} />
            <ValueButton term={termOf(name, value, false, fields)}>
              <span className="field-value">{value === '' ? <em className="muted">none</em> : value}</span>
            </ValueButton>
            <b title={`${formatExactly(rows, 'count')} of ${formatExactly(answer.rows, 'count')}`}>
              {formatQuantity(rows, 'count')}
            </b>
          </li>
        ))}
      </ul>
      <p className="muted">{describeCounted(answer)}</p>
    </div>
  );
}

function describeCounted({ values, different, rows, counted, parameters }: ValuesAnswer): string {
  const all = different > values.length ? ` of ${formatExactly(different, 'count')} values,` : '';
  const of =
    counted.from === parameters.from
      ? `counted in all ${formatExactly(rows, 'count')} rows`
      : `counted in the ${formatExactly(rows, 'count')} rows since ${counted.from.slice(0, 16)} alone`;
  return `The most frequent${all} ${of}.`;
}
