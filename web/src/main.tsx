import './style/theme.css';
import './style/page.css';
import './style/panel.css';
import './style/controls.css';
import { createRoot } from 'preact/compat/client';
import { lazy, type ReactNode, StrictMode, Suspense, useCallback, useState } from 'react';
import { alertsAddress } from './alerts/alerts-address.ts';
import { askEarly, httpSource } from './data/http-source.ts';
import { isExploreAddress } from './explore/explore-address.ts';
import { switchZone, useZone } from './format/time-zone.ts';
import { geographyAddress } from './geography/geography-address.ts';
import { KeyHelpContext } from './keys/key-help-context.ts';
import { usePageKeys } from './keys/page-keys.ts';
import { takeOperatorToken } from './operator/operator-token.ts';
import { PageHeader, type PageName } from './overview/page-header.tsx';
import { pipelinesAddress } from './pipelines/pipelines-address.ts';
import { calmSeconds, refreshSeconds, usePipelines, WatchedContext } from './pipelines/use-pipelines.ts';
import { readSqlPageAddress } from './sql/sql-page-address.ts';
import { readNamedAddress } from './view/named-address.ts';
import { useAddressHash } from './view/view-state.ts';
import { windowsAddress } from './windows/windows-address.ts';

// A page loads what it needs: the charts are most of the code.
const OverviewPage = lazy(async () => ({ default: (await import('./overview/overview-page.tsx')).OverviewPage }));
const PipelinesPage = lazy(async () => ({ default: (await import('./pipelines/pipelines-page.tsx')).PipelinesPage }));
const GeographyBody = lazy(async () => ({ default: (await import('./geography/geography-body.tsx')).GeographyBody }));
const ExplorePage = lazy(async () => ({ default: (await import('./explore/explore-page.tsx')).ExplorePage }));
const KeyHelp = lazy(async () => ({ default: (await import('./keys/key-help.tsx')).KeyHelp }));
const AlertsPage = lazy(async () => ({ default: (await import('./alerts/alerts-page.tsx')).AlertsPage }));
const WindowsPage = lazy(async () => ({ default: (await import('./windows/windows-page.tsx')).WindowsPage }));
const SqlPage = lazy(async () => ({ default: (await import('./sql/sql-page.tsx')).SqlPage }));

const pages: ReadonlyMap<string, PageName> = new Map([
  [pipelinesAddress, 'pipelines'],
  [geographyAddress, 'geography'],
]);

const ranged: readonly PageName[] = ['overview', 'geography', 'explore'];

function pageOf(hash: string): PageName {
  if (readSqlPageAddress(hash) !== null) return 'sql';
  if (isExploreAddress(hash)) return 'explore';
  if (readNamedAddress(alertsAddress, hash) !== null) return 'alerts';
  if (readNamedAddress(windowsAddress, hash) !== null) return 'windows';
  return pages.get(hash) ?? 'overview';
}

const source = ranged.includes(pageOf(window.location.hash)) ? askEarly(httpSource) : httpSource;

function Console() {
  const hash = useAddressHash();
  const statement = readSqlPageAddress(hash);
  const alert = readNamedAddress(alertsAddress, hash);
  const window = readNamedAddress(windowsAddress, hash);
  const page = pageOf(hash);
  return (
    <Watching isClosely={page === 'pipelines'}>
      <Suspense fallback={<Loading page={page} />}>
        {page === 'pipelines' && <PipelinesPage />}
        {page === 'overview' && <OverviewPage source={source} />}
        {page === 'geography' && (
          <OverviewPage source={source} page="geography">
            <GeographyBody />
          </OverviewPage>
        )}
        {page === 'explore' && <ExplorePage source={source} />}
        {alert !== null && <AlertsPage name={alert} />}
        {window !== null && <WindowsPage name={window} />}
        {statement !== null && <SqlPage statement={statement} />}
      </Suspense>
    </Watching>
  );
}

/** All pages, with what every one has: the list of keys, and the switch of times. */
function WholePage() {
  const [isOpen, setOpen] = useState(false);
  const zone = useZone();
  const open = useCallback(() => setOpen(true), []);
  usePageKeys({ '?': open, z: switchZone });
  return (
    <KeyHelpContext value={open}>
      {/* Everything on it shows times. */}
      <Console key={zone} />
      {isOpen && (
        <Suspense fallback={null}>
          <KeyHelp onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </KeyHelpContext>
  );
}

/** Apart from the console, which reads the address when it renders: the SQL page changes it without being told. */
function Watching({ isClosely, children }: { readonly isClosely: boolean; readonly children: ReactNode }) {
  const watched = usePipelines(isClosely ? refreshSeconds : calmSeconds);
  return <WatchedContext value={watched}>{children}</WatchedContext>;
}

function Loading({ page }: { readonly page: PageName }) {
  return (
    <>
      <PageHeader page={page}>{ranged.includes(page) && <div className="range-picker" />}</PageHeader>
      <main className="page">
        <div className="skeleton skeleton-page" role="status" aria-label="Loading" />
      </main>
    </>
  );
}

takeOperatorToken();
const root = document.getElementById('root');
if (!root) throw new Error('BUG: index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <WholePage />
  </StrictMode>,
);
