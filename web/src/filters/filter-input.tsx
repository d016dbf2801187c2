import { type KeyboardEvent, type RefObject, useEffect, useId, useMemo, useState } from 'react';
import type { Fields } from '../../../src/filters/fields.ts';
import { useReportScope } from '../overview/report-context.ts';
import { readWriting, type Suggestion, suggestNames, suggestValues } from './completion.ts';

interface FilterInputProps {
  readonly input: RefObject<HTMLInputElement | null>;
  readonly fields: Fields;
  readonly value: string;
  readonly placeholder: string;
  readonly label: string;
  /** Id of what is wrong with the filter. */
  readonly describedBy: string | undefined;
  readonly onChange: (text: string) => void;
  /** Called on Escape. */
  readonly onLeave: () => void;
}

const none: readonly Suggestion[] = [];
const pauseMs = 150;

/** A line for a filter that completes names of fields, and their values. */
export function FilterInput(props: FilterInputProps) {
  const { input, fields, value, placeholder, label, describedBy, onChange, onLeave } = props;
  const [isOpen, setOpen] = useState(false);
  const [chosen, choose] = useState(-1);
  const listId = useId();
  const suggestions = useSuggestions(value, fields, isOpen);
  const isShown = isOpen && suggestions.length > 0;

  const take = ({ text }: Suggestion) => {
    onChange(text);
    choose(-1);
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const suggestion = suggestions[chosen];
    if (isShown && step !== undefined) {
      event.preventDefault();
      choose((chosen + step + suggestions.length + (chosen < 0 && step < 0 ? 1 : 0)) % suggestions.length);
    } else if (isShown && suggestion && (event.key === 'Enter' || event.key === 'Tab')) {
      event.preventDefault();
      take(suggestion);
    } else if (event.key === 'Enter') setOpen(false);
    else if (event.key === 'Escape') {
      if (isShown) setOpen(false);
      else if (value === '') input.current?.blur();
      else onLeave();
    }
  };

  return (
    <div className="filter-line">
      <input
        ref={input}
        className="filter-input"
        type="text"
        role="combobox"
        value={value}
        placeholder={placeholder}
        aria-label={label}
        aria-invalid={describedBy !== undefined}
        aria-describedby={describedBy}
        aria-autocomplete="list"
        aria-expanded={isShown}
        aria-controls={isShown ? listId : undefined}
        aria-activedescendant={isShown && chosen >= 0 ? `${listId}-${chosen}` : undefined}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="none"
        enterKeyHint="search"
        onInput={({ currentTarget }) => {
          onChange(currentTarget.value);
          setOpen(true);
          choose(-1);
        }}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      {isShown && (
        <div className="completions" id={listId} role="listbox" aria-label="Completions">
          {suggestions.map((suggestion, index) => (
            // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: the line takes the keys
            <div
              key={suggestion.text}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === chosen}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => take(suggestion)}
            >
              <b>{suggestion.label}</b>
              {suggestion.hint !== '' && <span className="muted">{suggestion.hint}</span>}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

function useSuggestions(text: string, fields: Fields, isOpen: boolean): readonly Suggestion[] {
  const { readValues } = useReportScope();
  const writing = useMemo(() => (isOpen ? readWriting(text, fields) : undefined), [text, fields, isOpen]);
  const names = useMemo(() => (writing?.of === 'name' ? suggestNames(writing, fields) : none), [writing, fields]);
  const [found, setFound] = useState<{ readonly of: unknown; readonly list: readonly Suggestion[] }>();
  useEffect(() => {
    if (writing?.of !== 'value' || !readValues) return;
    const { field, prefix } = writing;
    const controller = new AbortController();
    const timer = window.setTimeout(() => {
      const values =
        field.kind === 'yes or no'
          ? Promise.resolve(['true', 'false'])
          : readValues(field.name, prefix, controller.signal);
      // Without them nothing is completed.
      values.then(
        (list) => setFound({ of: writing, list: suggestValues(writing, field, list, fields) }),
        () => {},
      );
    }, pauseMs);
    return () => {
      window.clearTimeout(timer);
      controller.abort();
    };
  }, [writing, fields, readValues]);
  if (writing?.of === 'name') return names;
  return writing !== undefined && found?.of === writing ? found.list : none;
}
