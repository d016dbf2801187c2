import type { PipelinesAnswer } from '../../../src/server/routes/pipelines.ts';
import { formatIso } from '../format/time-text.ts';
import { zoneName } from '../format/time-zone.ts';
import { MiddleText } from '../panels/middle-text.tsx';
import { parseUtc } from '../view/time-range.ts';
import { allEventsAddress } from './pipeline-queries.ts';

export function EventList({ events }: Pick<PipelinesAnswer, 'events'>) {
  return (
    <section className="panel" aria-label="Events" data-panel="events">
      <header className="panel-head">
        <h2>Latest events</h2>
        <span className="panel-subtitle">{zoneName()}</span>
        <a className="panel-action" href={allEventsAddress} aria-label="SQL of Latest events">
          SQL
        </a>
      </header>
      {events === null && <p className="panel-note">The store does not answer.</p>}
      {events?.length === 0 && <p className="panel-note">None: every layout fits its input.</p>}
      {events && events.length > 0 && (
        <ul className="events">
          {events.map(({ at, name, origin, detail }) => (
            <li key={`${at} ${name} ${origin}`}>
              <time>{formatIso(parseUtc(at)).slice(0, 19).replace('T', ' ')}</time>
              <span className="badge badge-warn">{name.replaceAll('_', ' ')}</span>
              <span className="event-text">
                <MiddleText text={origin} />
                <span className="muted">{detail}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
