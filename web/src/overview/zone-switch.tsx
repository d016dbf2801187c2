import { switchZone, useZone } from '../format/time-zone.ts';

/** Tells in which time the page is, and shows it in the other one. */
export function ZoneSwitch() {
  const other = useZone() === 'utc' ? 'local time' : 'UTC';
  return (
    <button
      type="button"
      className="keys-button"
      title={`Show times in ${other} (z)`}
      aria-keyshortcuts="z"
      onClick={switchZone}
    >
      Times in {other === 'UTC' ? 'local time' : 'UTC'}
    </button>
  );
}
