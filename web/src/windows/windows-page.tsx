import '../style/sql.css';
import '../style/states.css';
import './windows.css';
import { lazy, Suspense } from 'react';
import { useRefreshed } from '../data/use-refreshed.ts';
import { PageHeader } from '../overview/page-header.tsx';
import { ZoneSwitch } from '../overview/zone-switch.tsx';
import { Refreshed } from '../panels/refreshed.tsx';
import { HealthFact } from '../pipelines/health-fact.tsx';
import { WindowDetail } from './window-detail.tsx';
import { WindowList } from './window-list.tsx';
import { readDraftName } from './windows-address.ts';
import { readWindows, refreshSeconds } from './windows-source.ts';

const WindowEditor = lazy(async () => ({ default: (await import('./window-editor.tsx')).WindowEditor }));

/** @param name of the continuous query that is shown; empty for the list; with a plus the editor */
export function WindowsPage({ name }: { readonly name: string }) {
  const draft = readDraftName(name);
  const asked = useRefreshed(readWindows, 'windows', refreshSeconds);
  return (
    <>
      <PageHeader page="windows" />
      <main className="page">
        <section className="trust" aria-label="State of the data">
          <div className="facts">
            <HealthFact />
          </div>
          <span className="trust-note">
            Refreshes every {refreshSeconds} s. <ZoneSwitch />
          </span>
        </section>
        <Refreshed asked={asked} title="continuous queries">
          {({ windows }) => {
            const found = windows.find((one) => one.name === (draft ?? name));
            if (draft !== undefined)
              return (
                <Suspense fallback={<div className="skeleton skeleton-page" role="status" aria-label="Loading" />}>
                  <WindowEditor key={name} window={found} />
                </Suspense>
              );
            return found ? <WindowDetail key={name} window={found} /> : <WindowList windows={windows} missing={name} />;
          }}
        </Refreshed>
      </main>
    </>
  );
}
