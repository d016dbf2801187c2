import { type ReactNode, useMemo } from 'react';
import type { StoreRange } from '../data/report-answer.ts';
import { formatExactly, formatQuantity } from '../format/quantity.ts';
import { formatFreshness, formatMoment } from '../format/time-text.ts';
import { sqlPageAddress } from '../sql/sql-page-address.ts';
import { type LiveMode, liveModes } from '../view/live-mode.ts';
import { endsNow, parseUtc } from '../view/time-range.ts';
import { useTicks } from '../view/use-ticks.ts';

const rejectsQuery = `SELECT reason, count() AS lines, uniq(origin) AS objects, any(line) AS sample
FROM rejects
GROUP BY reason
ORDER BY lines DESC
LIMIT 50`;

export const rejectsAddress = sqlPageAddress(rejectsQuery);

const futureAddress = sqlPageAddress(`SELECT time, source_format, host, path, status, object, line_number
FROM requests
WHERE toStartOfMinute(time) > now('UTC')
ORDER BY time DESC
LIMIT 200`);

const ledgerQuery = `SELECT origin, lines, rows, rejected, comments, excluded, lines = rows + rejected + comments + excluded AS balanced, stored_at
FROM ledger
ORDER BY stored_at DESC, origin
LIMIT 200`;

interface TrustStripProps {
  readonly store: StoreRange;
  readonly isLive: boolean;
  /** Why `store` is older than it should be. */
  readonly problem?: string | null;
  readonly refreshing?: LiveMode;
}

/** Whether the numbers below can be trusted: their freshness, the number of rows, and the rejected lines. */
export function TrustStrip({ store, isLive, problem = null, refreshing = 'off' }: TrustStripProps) {
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
        {problem !== null && (
          <Fact name="Not refreshed" tone="warn" title={`Shown is the state of ${store.now.slice(11, 19)} UTC`}>
            <span role="alert">{problem}</span>
          </Fact>
        )}
        <Moment name="Last event" time={store.lastTime} now={store.now} isTicking={isLive} />
        {isLive && <Moment name="Last stored" time={store.lastStoredAt} now={store.now} isTicking />}
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
        {store.future > 0 && (
          <Fact
            name="Dated in the future"
            tone="warn"
            title={`${formatExactly(store.future, 'count')} rows are dated later than now; ranges end without them`}
          >
            {isLive ? (
              <a href={futureAddress}>{formatQuantity(store.future, 'count')} rows</a>
            ) : (
              `${formatQuantity(store.future, 'count')} rows`
            )}
          </Fact>
        )}
      </dl>
      <span className="trust-note" title={endNote}>
        {isLive && `${describeEnd(store)} ${liveModes[refreshing].words} `}
        All times UTC.
      </span>
    </section>
  );
}

const endNote =
  'Ranges end now while data are coming in: something was stored within the last hour, and it is of the last day. CDN logs are best effort and may arrive up to a day late.';

function describeEnd(store: StoreRange): string {
  return endsNow(store) ? 'Ranges end now.' : 'Ranges end with the last event.';
}

interface MomentProps {
  readonly name: string;
  readonly time: string | null;
  /** By the server's clock, as the times are. */
  readonly now: string;
  /** Whether the age grows; that of a report file does not. */
  readonly isTicking: boolean;
}

function Moment({ name, time, now, isTicking }: MomentProps) {
  useTicks(isTicking ? 1000 : null);
  const readMs = useMemo(() => ({ server: parseUtc(now), here: Date.now() }), [now]);
  if (time === null) return <Fact name={name}>none yet</Fact>;
  const nowMs = readMs.server + (isTicking ? Date.now() - readMs.here : 0);
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
