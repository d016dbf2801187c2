import type { Alert } from './alert.ts';

/** What is remembered of an instance. All times are those of evaluations, epoch ms. */
export interface InstanceState {
  readonly phase: Phase;
  /** Since when it is in this phase. */
  readonly sinceMs: number;
  /** Of one that fires: since when its condition does not hold; null while it holds. */
  readonly clearSinceMs: number | null;
  /** When it began to fire, as far back as flapping looks. */
  readonly firedAtMs: readonly number[];
  /** Whether its receivers were told that it fires. */
  readonly isAnnounced: boolean;
}

export const phases = ['inactive', 'pending', 'firing', 'resolved'] as const;
export type Phase = (typeof phases)[number];

export const inactive: InstanceState = {
  phase: 'inactive',
  sinceMs: 0,
  clearSinceMs: null,
  firedAtMs: [],
  isAnnounced: false,
};

export interface Evaluated {
  readonly atMs: number;
  /** Undefined: unknown. */
  readonly isMet: boolean | undefined;
  /** Whether receivers are not to be told now that it fires. */
  readonly isSuppressed: boolean;
}

export interface Advance {
  readonly state: InstanceState;
  /** What receivers are told now. */
  readonly announce: 'firing' | 'resolved' | null;
}

export type StateRules = Pick<Alert, 'forMs' | 'keepFiringMs' | 'flapping'>;

/**
 * inactive → pending → firing → resolved. What is suppressed is told as soon as nothing suppresses it any more, if it still
 * holds; that it is resolved is told to those, and always to those, who were told that it fires.
 * @returns the same state when nothing changes
 */
export function advanceState(previous: InstanceState, evaluated: Evaluated, rules: StateRules): Advance {
  const { isMet, isSuppressed } = evaluated;
  if (isMet === undefined) return { state: previous, announce: null };
  const state = move(previous, evaluated.atMs, isMet, rules);
  if (state.phase === 'resolved' && state.isAnnounced)
    return { state: { ...state, isAnnounced: false }, announce: 'resolved' };
  if (state.phase === 'firing' && isMet && !state.isAnnounced && !isSuppressed)
    return { state: { ...state, isAnnounced: true }, announce: 'firing' };
  return { state, announce: null };
}

function move(state: InstanceState, atMs: number, isMet: boolean, rules: StateRules): InstanceState {
  switch (state.phase) {
    case 'inactive':
    case 'resolved':
      if (!isMet) return state;
      return move({ ...state, phase: 'pending', sinceMs: atMs }, atMs, isMet, rules);
    case 'pending': {
      if (!isMet) return { ...state, phase: 'inactive', sinceMs: atMs };
      if (atMs - state.sinceMs < rules.forMs) return state;
      const recent = state.firedAtMs.filter((firedMs) => atMs - firedMs < rules.flapping.withinMs);
      return { ...state, phase: 'firing', sinceMs: atMs, clearSinceMs: null, firedAtMs: [...recent, atMs] };
    }
    case 'firing': {
      if (isMet) return state.clearSinceMs === null ? state : { ...state, clearSinceMs: null };
      const clearSinceMs = state.clearSinceMs ?? atMs;
      if (atMs - clearSinceMs >= quietMs(state, rules))
        return { ...state, phase: 'resolved', sinceMs: atMs, clearSinceMs: null };
      return state.clearSinceMs === null ? { ...state, clearSinceMs } : state;
    }
  }
}

/** How long the condition must not hold until it is resolved. */
function quietMs({ firedAtMs }: InstanceState, { keepFiringMs, flapping }: StateRules): number {
  return firedAtMs.length >= flapping.times ? Math.max(keepFiringMs, flapping.withinMs) : keepFiringMs;
}
