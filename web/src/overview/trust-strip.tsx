import { type ReactNode, useContext, useMemo } from 'react';
import type { StoreRange } from '../data/report-answer.ts';
import { formatExactly, formatQuantity } from '../format/quantity.ts';
import { formatFreshness, formatMoment } from '../format/time-text.ts';
import { zoneName } from '../format/time-zone.ts';
import { KeyHelpContext } from '../keys/key-help-context.ts';
import { HealthFact } from '../pipelines/health-fact.tsx';
import { type LiveMode, liveModes } from '../view/live-mode.ts';
import { endsNow, parseUtc } from '../view/time-range.ts';
import { useTicks } from '../view/use-ticks.ts';
import { Fact } from './fact.tsx';
import { futureAddress } from './strip-queries.ts';
import { ZoneSwitch } from './zone-switch.tsx';

interface TrustStripProps {
  readonly store: StoreRange;
  readonly isLive: boolean;
  /** Why `store` is older than it should be. */
  readonly problem?: string | null;
  readonly refreshing?: LiveMode;
  /** Facts of the range on the page. */
  readonly children?: ReactNode;
}

/** Whether the numbers below can be trusted: how fresh they are, and what is missing. */
export function TrustStrip({ store, isLive, problem = null, refreshing = 'off', children }: TrustStripProps) {
  const { damage = [] } = store;
  const openKeys = useContext(KeyHelpContext);
  return (
    <section className="trust" aria-label="State of the data">
      <div className="facts">
        {damage.length > 0 && (
          <Fact name="Damaged" tone="warn" title="tailrace verify lists what is missing; --repair repairs the store">
            {damage.join('; ')}
          </Fact>
        )}
        {problem !== null && (
          <Fact
            name="Not refreshed"
            tone="warn"
            title={`Shown is the state of ${formatMoment(parseUtc(store.now))} ${zoneName()}`}
          >
            <span role="alert">{problem}</span>
          </Fact>
        )}
        {isLive && <HealthFact />}
        <Moment name="Last event" time={store.lastTime} now={store.now} isTicking={isLive} />
        {isLive && <Moment name="Last stored" time={store.lastStoredAt} now={store.now} isTicking />}
        {children}
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
      </div>
      <span className="trust-note" title={endNote}>
        {isLive && `${describeEnd(store)} ${liveModes[refreshing].words} `}
        {isLive ? <ZoneSwitch /> : 'All times UTC.'}{' '}
        {openKeys && (
          <button type="button" className="keys-button" aria-keyshortcuts="?" onClick={openKeys}>
            Keys
          </button>
        )}
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
    <Fact name={name} title={`${formatMoment(ms)} ${zoneName()}`}>
      {formatFreshness(ms, nowMs)}
    </Fact>
  );
}
