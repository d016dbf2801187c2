import type { Emission } from './windows-source.ts';

/** A window as it was emitted last. */
export interface LiveWindow extends Emission {
  /** Of the same window the same. */
  readonly id: string;
  /** What it replaces, if that was emitted since the page knows. */
  readonly replaced: Emission | undefined;
}

/** A page that is open for days forgets the oldest. */
const mostEmissions = 2000;

/** Emissions with those that came later, each once, in their order. */
export function addEmissions(before: readonly Emission[], added: readonly Emission[]): readonly Emission[] {
  const found = new Map([...before, ...added].map((one) => [one.sequence, one]));
  return [...found.values()].sort((one, other) => one.sequence - other.sequence).slice(-mostEmissions);
}

/** The windows of the newest definition, the latest first. @param emissions in their order */
export function windowsOf(emissions: readonly Emission[]): readonly LiveWindow[] {
  const version = emissions.at(-1)?.version;
  const found = new Map<string, LiveWindow>();
  for (const emission of emissions) {
    if (emission.version !== version) continue;
    const id = JSON.stringify([emission.startMs, ...emission.key]);
    found.set(id, { ...emission, id, replaced: found.get(id) });
  }
  return [...found.values()].sort((one, other) => other.startMs - one.startMs || other.sequence - one.sequence);
}
