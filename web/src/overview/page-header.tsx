import { type ReactNode, useEffect } from 'react';
import { exploreAddress } from '../explore/explore-address.ts';
import { geographyAddress } from '../geography/geography-address.ts';
import { Logo } from '../panels/icons.tsx';
import { pipelinesAddress } from '../pipelines/pipelines-address.ts';

export type PageName = 'overview' | 'geography' | 'explore' | 'pipelines' | 'sql';

interface PageHeaderProps {
  /** Absent in a report, which has one page only. */
  readonly page?: PageName;
  readonly subtitle?: string;
  readonly children?: ReactNode;
}

const titles = {
  overview: 'Overview',
  geography: 'Geography',
  explore: 'Explore',
  pipelines: 'Pipelines',
  sql: 'SQL',
} as const;

export function PageHeader({ page, subtitle, children }: PageHeaderProps) {
  useEffect(() => {
    if (page) document.title = `${titles[page]} – Tailrace`;
  }, [page]);
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
          <a href={geographyAddress} aria-current={page === 'geography' ? 'page' : undefined}>
            Geography
          </a>
          <a href={exploreAddress} aria-current={page === 'explore' ? 'page' : undefined}>
            Explore
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
