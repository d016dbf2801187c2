import type { AlertAnswer, AlertListAnswer } from '../../../src/server/alert-answer.ts';
import { useRefreshed } from '../data/use-refreshed.ts';
import { formatQuantity } from '../format/quantity.ts';
import { formatFreshness, formatMoment } from '../format/time-text.ts';
import { zoneName } from '../format/time-zone.ts';
import { Refreshed } from '../panels/refreshed.tsx';
import { namedAddress } from '../view/named-address.ts';
import { alertState, instanceState, printLabels } from './alert-words.ts';
import { alertsAddress } from './alerts-address.ts';
import { readAlerts, refreshSeconds } from './alerts-source.ts';
import { DeadLetters } from './dead-letters.tsx';
import { SilenceList } from './silence-list.tsx';

/** All alerts, what fires first; silences; and messages that were given up. */
export function AlertList() {
  const asked = useRefreshed(readAlerts, 'alerts', refreshSeconds);
  return (
    <Refreshed asked={asked} title="alerts">
      {({ alerts, silences, dead }) => (
        <>
          {dead.length > 0 && <DeadLetters dead={dead} />}
          <AlertTable alerts={alerts} />
          <SilenceList silences={silences} />
        </>
      )}
    </Refreshed>
  );
}

function AlertTable({ alerts }: Pick<AlertListAnswer, 'alerts'>) {
  const firing = alerts.filter(({ state }) => state === 'firing').length;
  return (
    <section className="panel" aria-label="Alerts" data-panel="alerts">
      <header className="panel-head">
        <h2>Alerts</h2>
        <span className="panel-subtitle">
          {firing === 0 ? 'none fires' : `${firing} of ${alerts.length} ${firing === 1 ? 'fires' : 'fire'}`}
        </span>
      </header>
      {alerts.length === 0 ? (
        <p className="panel-note">None is evaluated: see the section alerts of the configuration.</p>
      ) : (
        <ul className="alerts">
          {alerts.map((alert) => (
            <AlertRow key={alert.name} alert={alert} />
          ))}
        </ul>
      )}
    </section>
  );
}

function AlertRow({ alert }: { readonly alert: AlertAnswer }) {
  const { name, description, severity, instances, problem, notify } = alert;
  const { tone, text } = alertState(alert);
  return (
    <li className="alert" data-alert={name}>
      <span className={`badge badge-${tone}`}>{text}</span>
      <div className="alert-words">
        <span>
          <a className="alert-name" href={namedAddress(alertsAddress, name)}>
            {name}
          </a>{' '}
          <span className="muted">{severity}</span>
        </span>
        <span className="alert-description muted">{description}</span>
        {problem !== '' && <span className="tone-warn">{problem}</span>}
        {instances.length > 0 && <Instances instances={instances} />}
      </div>
      <span className="alert-told muted">{notify.length > 0 ? `tells ${notify.join(', ')}` : 'tells nobody'}</span>
    </li>
  );
}

export function Instances({ instances }: Pick<AlertAnswer, 'instances'>) {
  const nowMs = Date.now();
  return (
    <ul className="instances" aria-label="Instances">
      {instances.map((instance) => {
        const { labels, sinceMs, value, threshold, suppressedBy, quietBy, isAnnounced } = instance;
        const { tone, text } = instanceState(instance);
        const reason = quietBy || (isAnnounced ? '' : suppressedBy);
        return (
          <li key={printLabels(labels)}>
            <span className={`badge badge-${tone}`}>{text}</span>{' '}
            {Object.keys(labels).length > 0 && <strong>{printLabels(labels)}</strong>}{' '}
            <span title={`${formatMoment(sinceMs)} ${zoneName()}`}>since {formatFreshness(sinceMs, nowMs)}</span>
            {value !== null && (
              <span className="muted">
                , value {formatQuantity(value, 'number')}
                {threshold !== null && `, threshold ${formatQuantity(threshold, 'number')}`}
              </span>
            )}
            {reason !== '' && <span className="tone-warn"> ({reason})</span>}
          </li>
        );
      })}
    </ul>
  );
}
