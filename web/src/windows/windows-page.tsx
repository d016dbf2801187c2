import '../style/sql.css';
import '../style/states.css';
import './windows.css';
import { useRefreshed } from '../data/use-refreshed.ts';
import { PageHeader } from '../overview/page-header.tsx';
import { ZoneSwitch } from '../overview/zone-switch.tsx';
import { Refreshed } from '../panels/refreshed.tsx';
import { HealthFact } from '../pipelines/health-fact.tsx';
import { WindowDetail } from './window-detail.tsx';
import { WindowList } from './window-list.tsx';
import { readWindows, refreshSeconds } from './windows-source.ts';

/** @param name of the continuous query that is shown; empty for the list */
export function WindowsPage({ name }: { readonly name: string }) {
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
            const found = windows.find((one) => one.name === name);
            return found ? <WindowDetail key={name} window={found} /> : <WindowList windows={windows} missing={name} />;
          }}
        </Refreshed>
      </main>
    </>
  );
}
