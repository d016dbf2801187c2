import { type ReactNode, useEffect } from 'react';
import { alertsAddress } from '../alerts/alerts-address.ts';
import { exploreAddress } from '../explore/explore-address.ts';
import { geographyAddress } from '../geography/geography-address.ts';
import { Logo } from '../panels/icons.tsx';
import { pipelinesAddress } from '../pipelines/pipelines-address.ts';
import { windowsAddress } from '../windows/windows-address.ts';

export type PageName = keyof typeof pages;

interface PageHeaderProps {
  /** Absent in a report, which has one page only. */
  readonly page?: PageName;
  readonly subtitle?: string;
  readonly children?: ReactNode;
}

/** In the order of the navigation. */
const pages = {
  overview: { title: 'Overview', address: '#/' },
  geography: { title: 'Geography', address: geographyAddress },
  explore: { title: 'Explore', address: exploreAddress },
  windows: { title: 'Windows', address: windowsAddress },
  alerts: { title: 'Alerts', address: alertsAddress },
  pipelines: { title: 'Pipelines', address: pipelinesAddress },
  sql: { title: 'SQL', address: '#/sql' },
} as const;

export function PageHeader({ page, subtitle, children }: PageHeaderProps) {
  useEffect(() => {
    if (page) document.title = `${pages[page].title} – Tailrace`;
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
          {Object.entries(pages).map(([name, { title, address }]) => (
            <a key={name} href={address} aria-current={page === name ? 'page' : undefined}>
              {title}
            </a>
          ))}
        </nav>
      )}
      <div className="page-tools">{children}</div>
    </header>
  );
}
