import { type FormEvent, useRef, useState } from 'react';
import type { Fields } from '../../../src/filters/fields.ts';
import type { Filter, Term } from '../../../src/filters/filter.ts';
import { usePageKeys } from '../keys/page-keys.ts';
import { CloseIcon, PinIcon } from '../panels/icons.tsx';
import { readFilter, textOfFilter, textOfTerm } from './edit-filter.ts';
import { FilterInput } from './filter-input.tsx';
import type { PageFilter } from './use-filter.ts';

/** The terms of the filter as chips, and a line for more of them. The key `/` leads to the line. */
export function FilterBar({ filter }: { readonly filter: PageFilter }) {
  const { pinned, free, change, fields } = filter;
  const [text, setText] = useState('');
  const [isEditing, setEditing] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  usePageKeys({ '/': () => input.current?.focus() });

  const stop = () => {
    setText('');
    setEditing(false);
    setProblem(null);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = readFilter(text, fields);
    setProblem(read.problem);
    if (read.problem !== null) return;
    change({ free: isEditing ? read.filter : [...free, ...read.filter] });
    stop();
  };
  const edit = () => {
    setText(textOfFilter(free, fields));
    setEditing(true);
    input.current?.focus();
  };
  const shown = problem ?? filter.problem;

  return (
    <div className="filter-bar">
      <form className="filter-form" onSubmit={submit}>
        <FilterInput
          input={input}
          fields={fields}
          value={text}
          placeholder={`Filter: ${examples[fields.searched] ?? ''}`}
          label={isEditing ? 'Filter as text' : 'Add to the filter'}
          describedBy={shown === null ? undefined : 'filter-problem'}
          onChange={setText}
          onLeave={stop}
        />
        <button type="submit" className="button">
          {isEditing ? 'Apply' : 'Add'}
        </button>
      </form>
      {pinned.length + free.length > 0 && (
        <ul className="chips" aria-label="Filter">
          <Chips
            fields={fields}
            terms={pinned}
            isPinned
            onChange={(terms) => change({ pinned: terms })}
            onPin={(term, rest) => change({ pinned: rest, free: [...free, term] })}
          />
          <Chips
            fields={fields}
            terms={free}
            isPinned={false}
            onChange={(terms) => change({ free: terms })}
            onPin={(term, rest) => change({ pinned: [...pinned, term], free: rest })}
          />
          <li className="chip-actions">
            <button type="button" onClick={edit}>
              Edit as text
            </button>
            {free.length > 0 && (
              <button type="button" onClick={() => change({ free: [] })}>
                Clear
              </button>
            )}
          </li>
        </ul>
      )}
      {shown !== null && (
        <p className="filter-problem" id="filter-problem" role="alert">
          {shown}
        </p>
      )}
    </div>
  );
}

const examples: Readonly<Record<string, string>> = {
  path: 'status:5xx path:/api/* -is_bot:true',
  message: 'level:ERROR service:api timeout',
};

interface ChipsProps {
  readonly fields: Fields;
  readonly terms: Filter;
  readonly isPinned: boolean;
  readonly onChange: (terms: Filter) => void;
  readonly onPin: (term: Term, rest: Filter) => void;
}

function Chips({ fields, terms, isPinned, onChange, onPin }: ChipsProps) {
  return terms.map((term, position) => {
    const text = textOfTerm(term, fields);
    const rest = terms.toSpliced(position, 1);
    const negated = { ...term, isNegated: !term.isNegated };
    return (
      <li key={text} className={term.isNegated ? 'chip chip-excludes' : 'chip'}>
        <button
          type="button"
          className="chip-text"
          title={term.isNegated ? 'Excluded; click to include' : 'Included; click to exclude'}
          aria-label={`${text}: ${term.isNegated ? 'include' : 'exclude'} instead`}
          onClick={() => onChange(terms.with(position, negated))}
        >
          {text}
        </button>
        <button
          type="button"
          aria-pressed={isPinned}
          aria-label={`Pin ${text}`}
          title={isPinned ? 'Stays when the filter is cleared' : 'Keep when the filter is cleared'}
          onClick={() => onPin(term, rest)}
        >
          <PinIcon />
        </button>
        <button type="button" aria-label={`Remove ${text}`} title="Remove" onClick={() => onChange(rest)}>
          <CloseIcon />
        </button>
      </li>
    );
  });
}
