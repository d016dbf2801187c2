import type { DestinationAnswer } from '../../../src/server/destination-answer.ts';
import { formatQuantity } from '../format/quantity.ts';

/** Of a state, for its badge. */
export const stateTones: Readonly<Record<DestinationAnswer['state'], string>> = {
  running: 'good',
  standby: 'good',
  starting: 'warn',
  retrying: 'warn',
  stopped: 'warn',
};

export function DestinationList({ destinations }: { readonly destinations: readonly DestinationAnswer[] }) {
  return (
    <section className="panel" aria-label="Destinations" data-panel="destinations">
      <header className="panel-head">
        <h2>Destinations</h2>
        <span className="panel-subtitle">receive what is stored; counts since the program started</span>
      </header>
      <ul className="events">
        {destinations.map((destination) => (
          <li key={destination.name}>
            <strong>{destination.name}</strong>
            <span className={`badge badge-${stateTones[destination.state]}`}>{destination.state}</span>
            <span className="event-text">
              <span>{describeCounts(destination)}</span>
              <span className="muted">{destination.problem}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function describeCounts({ type, counts, waitingBatches, lagMs }: DestinationAnswer): string {
  const waiting =
    waitingBatches === 0
      ? 'nothing waits'
      : `batches waiting: ${formatQuantity(waitingBatches, 'count')}, the oldest for ${formatQuantity(lagMs / 1000, 'seconds')}`;
  const refused =
    counts.refused === 0
      ? ''
      : `; refused: ${formatQuantity(counts.refused, 'count')}, in the backup: ${formatQuantity(counts.backupBytes, 'bytes')}`;
  const dead = counts.dead === 0 ? '' : `; given up: ${formatQuantity(counts.dead, 'count')}`;
  const objects = counts.objects === 0 ? '' : ` in ${formatQuantity(counts.objects, 'count')} objects`;
  const shipped = `${formatQuantity(counts.rows, 'count')} rows, ${formatQuantity(counts.bytes, 'bytes')} shipped${objects}`;
  return `${type}: ${shipped}; ${waiting}${refused}${dead}`;
}
