import type { LakeAnswer } from '../../../src/server/lake-answer.ts';
import { formatQuantity } from '../format/quantity.ts';
import { formatLength } from '../format/time-text.ts';
import { stateTones } from './destination-list.tsx';
import { lakeAddress } from './pipeline-queries.ts';

export function LakePanel({ lake }: { readonly lake: LakeAnswer }) {
  const { name, state, problem } = lake;
  return (
    <section className="panel" aria-label="Lake" data-panel="lake">
      <header className="panel-head">
        <h2>Lake</h2>
        <span className="panel-subtitle">hours that are over, as Parquet; counts since the program started</span>
        <a className="panel-action" href={lakeAddress(name)} aria-label="SQL of Lake">
          SQL
        </a>
      </header>
      <ul className="events">
        <li>
          <strong>{name}</strong>
          <span className={`badge badge-${stateTones[state]}`}>{state}</span>
          <span className="event-text">
            <span title="Complete: all hours that ended before are in it">{describeLake(lake)}</span>
            <span className="muted">{problem}</span>
          </span>
        </li>
      </ul>
    </section>
  );
}

function describeLake({ lagMs, counts: { hours, rows, bytes, failures } }: LakeAnswer): string {
  const complete = lagMs === null ? '' : `complete until ${formatLength(lagMs)} ago; `;
  const written = `${formatQuantity(rows, 'count')} rows, ${formatQuantity(bytes, 'bytes')} written in ${formatQuantity(hours, 'count')} hours`;
  return `${complete}${written}${failures === 0 ? '' : `; failures: ${formatQuantity(failures, 'count')}`}`;
}
