import { ZoneSwitch } from '../overview/zone-switch.tsx';
import '../style/sql.css';
import '../style/states.css';
import './alerts.css';
import { PageHeader } from '../overview/page-header.tsx';
import { HealthFact } from '../pipelines/health-fact.tsx';
import { AlertDetail } from './alert-detail.tsx';
import { AlertList } from './alert-list.tsx';
import { refreshSeconds } from './alerts-source.ts';

/** @param name of the alert that is shown; empty for the list */
export function AlertsPage({ name }: { readonly name: string }) {
  return (
    <>
      <PageHeader page="alerts" />
      <main className="page">
        <section className="trust" aria-label="State of the data">
          <div className="facts">
            <HealthFact />
          </div>
          <span className="trust-note">
            Refreshes every {refreshSeconds} s. <ZoneSwitch />
          </span>
        </section>
        {name === '' ? <AlertList /> : <AlertDetail key={name} name={name} />}
      </main>
    </>
  );
}
