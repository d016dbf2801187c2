import '../style/sql.css';
import type { ReactNode } from 'react';

/** Text to copy: what is wider than the page can be scrolled to by keyboard too. */
export function CodeBlock({ children }: { readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <pre className="sql-block" tabIndex={0}>
      {children}
    </pre>
  );
}
