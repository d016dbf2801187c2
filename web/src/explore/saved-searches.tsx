import { type FormEvent, useState } from 'react';
import { CloseIcon } from '../panels/icons.tsx';
import { useDismiss } from '../panels/use-dismiss.ts';
import { navigate } from '../view/view-state.ts';

interface SavedSearch {
  readonly name: string;
  /** From the question mark. */
  readonly address: string;
}

const storageKey = 'tailrace.searches';
const mostSaved = 50;

/** Kept by this browser alone; a link is for others. */
function readSaved(): readonly SavedSearch[] {
  try {
    const saved = JSON.parse(localStorage.getItem(storageKey) ?? '[]') as unknown;
    if (!Array.isArray(saved)) return [];
    return saved.filter((one: SavedSearch) => typeof one?.name === 'string' && /^[?#]/.test(one?.address));
  } catch {
    // Storage may be forbidden.
    return [];
  }
}

export function SavedSearches() {
  const [isOpen, setOpen] = useState(false);
  const [saved, setSaved] = useState(readSaved);
  const [problem, setProblem] = useState('');
  const box = useDismiss<HTMLDivElement>(isOpen, () => setOpen(false));
  const keep = (next: readonly SavedSearch[]) => {
    setSaved(next);
    try {
      localStorage.setItem(storageKey, JSON.stringify(next));
      setProblem('');
    } catch {
      setProblem('This browser keeps nothing for this page.');
    }
  };
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const name = String(new FormData(form).get('name')).trim().slice(0, 100);
    if (name === '') return;
    const address = (window.location.search || '?') + window.location.hash;
    keep([{ name, address }, ...saved.filter((one) => one.name !== name)].slice(0, mostSaved));
    form.reset();
  };
  return (
    <div className="saved" ref={box}>
      <button type="button" className="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        Saved searches
      </button>
      {isOpen && (
        <div className="popover saved-list">
          <form onSubmit={save}>
            <input className="filter-input" name="name" aria-label="Name of this search" placeholder="Name" required />
            <button type="submit" className="button button-primary">
              Save
            </button>
          </form>
          {problem && <p role="alert">{problem}</p>}
          {saved.length === 0 && <p className="muted">Range, filter and columns, kept in this browser.</p>}
          <ul>
            {saved.map(({ name, address }) => (
              <li key={name}>
                <a
                  href={address}
                  onClick={(event) => {
                    event.preventDefault();
                    setOpen(false);
                    navigate(address);
                  }}
                >
                  {name}
                </a>
                <button
                  type="button"
                  className="panel-action"
                  aria-label={`Remove ${name}`}
                  onClick={() => keep(saved.filter((one) => one.name !== name))}
                >
                  <CloseIcon />
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
