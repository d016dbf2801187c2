import type { MouseEvent, ReactNode } from 'react';
import type { Term } from '../../../src/filters/filter.ts';
import { useReportScope } from '../overview/report-context.ts';
import { textOfTerm } from './edit-filter.ts';

interface ValueButtonProps {
  readonly term: Term;
  readonly children: ReactNode;
}

/** A shown value as a button that filters by it, and one that excludes it; plain where nothing can be filtered. */
export function ValueButton({ term, children }: ValueButtonProps) {
  const { addTerm, fields } = useReportScope();
  if (!addTerm) return children;
  const text = textOfTerm(term, fields);
  const excluded = { ...term, isNegated: !term.isNegated };
  const choose = (event: MouseEvent) => addTerm(event.altKey ? excluded : term);
  return (
    <span className="value">
      <button type="button" className="value-include" title={`Only ${text} (Alt+click excludes it)`} onClick={choose}>
        {children}
      </button>
      <button
        type="button"
        className="value-exclude"
        title={`Without ${text}`}
        aria-label={`Exclude ${text}`}
        onClick={() => addTerm(excluded)}
      >
        −
      </button>
    </span>
  );
}
