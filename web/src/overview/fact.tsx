import type { ReactNode } from 'react';

interface FactProps {
  readonly name: string;
  readonly title?: string | undefined;
  readonly tone?: 'good' | 'warn' | 'bad' | undefined;
  readonly children: ReactNode;
}

/** A name and its value in a strip of facts. */
export function Fact({ name, title, tone, children }: FactProps) {
  return (
    <div className="fact" title={title}>
      <span className="fact-name">{name}</span>
      <span className="fact-value">
        {tone && <i className={`status status-${tone}`} aria-hidden="true" />}
        {children}
      </span>
    </div>
  );
}
