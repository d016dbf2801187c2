import type { ReactNode } from 'react';
import { Logo } from '../panels/icons.tsx';
import { pipelinesAddress } from '../pipelines/pipelines-address.ts';

export type PageName = 'overview' | 'pipelines' | 'sql';

interface PageHeaderProps {
  /** Absent in a report, which has one page only. */
  readonly page?: PageName;
  readonly subtitle?: string;
  readonly children?: ReactNode;
}

export function PageHeader({ page, subtitle, children }: PageHeaderProps) {
  return (
    <header className="page-head">
      <div className="page-name">
        <Logo />
        <h1>Tailrace</h1>
        {subtitle && <span className="muted">{subtitle}</span>}
      </div>
      {page && (
        <nav aria-label="Pages">
          <a href="#/" aria-current={page === 'overview' ? 'page' : undefined}>
            Overview
          </a>
          <a href={pipelinesAddress} aria-current={page === 'pipelines' ? 'page' : undefined}>
            Pipelines
          </a>
          <a href="#/sql" aria-current={page === 'sql' ? 'page' : undefined}>
            SQL
          </a>
        </nav>
      )}
      <div className="page-tools">{children}</div>
    </header>
  );
}
