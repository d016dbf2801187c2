import type { ReactNode } from 'react';
import type { StoreRange } from '../data/report-answer.ts';
import { formatExactly, formatQuantity } from '../format/quantity.ts';
import { formatFreshness, formatMoment } from '../format/time-text.ts';
import { sqlPageAddress } from '../sql/sql-page-address.ts';
import { parseUtc } from '../view/time-range.ts';

const rejectsQuery = `SELECT reason, count() AS lines, uniq(origin) AS objects, any(line) AS sample
FROM rejects
GROUP BY reason
ORDER BY lines DESC
LIMIT 50`;

export const rejectsAddress = sqlPageAddress(rejectsQuery);

const ledgerQuery = `SELECT origin, lines, rows, rejected, comments, excluded, lines = rows + rejected + comments + excluded AS balanced, stored_at
FROM ledger
ORDER BY stored_at DESC, origin
LIMIT 200`;

interface TrustStripProps {
  readonly store: StoreRange;
  readonly isLive: boolean;
  /** Reference time for freshness: now, or when the report was made. */
  readonly nowMs: number;
}

/** Whether the numbers below can be trusted: their freshness, the number of rows, and the rejected lines. */
export function TrustStrip({ store, isLive, nowMs }: TrustStripProps) {
  const stored = `${formatQuantity(store.rows, 'count')} rows`;
  const total = store.rows + store.rejected;
  const { damage = [] } = store;
  return (
    <section className="trust" aria-label="State of the data">
      <dl className="facts">
        {damage.length > 0 && (
          <Fact name="Damaged" tone="warn" title="tailrace verify lists what is missing; --repair repairs the store">
            {damage.join('; ')}
          </Fact>
        )}
        <Moment name="Last event" time={store.lastTime} nowMs={nowMs} />
        {isLive && <Moment name="Last stored" time={store.lastStoredAt} nowMs={nowMs} />}
        <Fact name="Stored" title={`${formatExactly(store.rows, 'count')} rows; opens the ledger of all files`}>
          {isLive ? <a href={sqlPageAddress(ledgerQuery)}>{stored}</a> : stored}
        </Fact>
        <Fact
          name="Rejected"
          tone={store.rejected > 0 ? 'warn' : 'good'}
          title={`${formatExactly(store.rejected, 'count')} of ${formatExactly(total, 'count')} lines could not be stored as rows`}
        >
          {store.rejected > 0 && isLive ? (
            <a href={rejectsAddress}>{formatQuantity(store.rejected, 'count')} lines</a>
          ) : (
            `${formatQuantity(store.rejected, 'count')} lines`
          )}
        </Fact>
      </dl>
      <span className="trust-note">CDN logs are best effort and may arrive up to a day late. All times UTC.</span>
    </section>
  );
}

interface MomentProps {
  readonly name: string;
  readonly time: string | null;
  readonly nowMs: number;
}

function Moment({ name, time, nowMs }: MomentProps) {
  if (time === null) return <Fact name={name}>none yet</Fact>;
  const ms = parseUtc(time);
  return (
    <Fact name={name} title={`${formatMoment(ms)} UTC`}>
      {formatFreshness(ms, nowMs)}
    </Fact>
  );
}

interface FactProps {
  readonly name: string;
  readonly title?: string | undefined;
  readonly tone?: 'good' | 'warn' | undefined;
  readonly children: ReactNode;
}

function Fact({ name, title, tone, children }: FactProps) {
  return (
    <div className="fact" title={title}>
      <dt>{name}</dt>
      <dd>
        {tone && <i className={`status status-${tone}`} aria-hidden="true" />}
        {children}
      </dd>
    </div>
  );
}
