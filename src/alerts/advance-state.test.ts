import { expect, test } from 'vitest';
import { parseDuration } from '../config/duration.ts';
import { advanceState, inactive, type StateRules } from './advance-state.ts';

/**
 * A line is an evaluation: when, what the condition says (`met`, `clear`, `unknown`; `quiet` when nothing may be announced),
 * and after `->` the phase, and `!` with what is announced.
 */
const scenarios: Readonly<Record<string, string>> = {
  'fires when the condition has held for long enough, and is resolved at once': `
    for=5m
    0m met -> pending
    4m met -> pending
    5m met -> firing !firing
    6m met -> firing
    7m clear -> resolved !resolved
    8m clear -> resolved
    9m met -> pending`,
  'fires at once without for': `
    for=0s
    0m met -> firing !firing
    1m clear -> resolved !resolved`,
  'a condition that does not hold in between starts anew': `
    for=5m
    0m met -> pending
    4m clear -> inactive
    5m met -> pending
    9m met -> pending
    10m met -> firing !firing`,
  'what cannot be judged changes nothing': `
    for=5m
    0m met -> pending
    3m unknown -> pending
    5m met -> firing !firing
    6m unknown -> firing
    7m clear -> resolved !resolved`,
  'keeps firing through gaps': `
    for=0s keep=3m
    0m met -> firing !firing
    1m clear -> firing
    2m clear -> firing
    3m met -> firing
    4m clear -> firing
    6m clear -> firing
    7m clear -> resolved !resolved`,
  'one that flaps is held until it is quiet for as long': `
    for=0s flaps=3 within=30m
    0m met -> firing !firing
    1m clear -> resolved !resolved
    2m met -> firing !firing
    3m clear -> resolved !resolved
    4m met -> firing !firing
    5m clear -> firing
    6m met -> firing
    7m clear -> firing
    36m clear -> firing
    37m clear -> resolved !resolved
    38m met -> firing !firing
    39m clear -> resolved !resolved`,
  'what was suppressed is announced when it still holds afterwards': `
    for=0s
    0m met quiet -> firing
    1m met quiet -> firing
    2m met -> firing !firing
    3m clear quiet -> resolved !resolved`,
  'what began and ended suppressed is never announced': `
    for=0s keep=2m
    0m met quiet -> firing
    1m clear -> firing
    3m clear -> resolved
    4m clear -> resolved`,
};

const msOf = (text: string) => {
  const parsed = parseDuration(text);
  return 'value' in parsed ? parsed.value : expect.fail(text);
};

function rulesOf(line: string): StateRules {
  const {
    for: wait = '0s',
    keep = '0s',
    flaps = '99',
    within = '1h',
  } = Object.fromEntries(line.split(' ').map((word) => word.split('=')));
  const flapping = { times: Number(flaps), withinMs: msOf(within) };
  return { forMs: msOf(wait), keepFiringMs: msOf(keep), flapping };
}

const meanings: Readonly<Record<string, boolean | undefined>> = { met: true, clear: false, unknown: undefined };

test.each(Object.entries(scenarios))('%s', (_name, text) => {
  const [first = '', ...steps] = text
    .trim()
    .split('\n')
    .map((line) => line.trim());
  let state = inactive;
  const seen = steps.map((step) => {
    const [said = ''] = step.split(' -> ');
    const [at = '', meaning = '', quiet] = said.split(' ');
    const evaluated = { atMs: msOf(at) + 1e12, isMet: meanings[meaning], isSuppressed: quiet === 'quiet' };
    const advance = advanceState(state, evaluated, rulesOf(first));
    state = advance.state;
    return `${said} -> ${state.phase}${advance.announce ? ` !${advance.announce}` : ''}`;
  });
  expect(seen).toEqual(steps);
});

test('nothing is new where nothing changes, so that nothing is written', () => {
  const rules = rulesOf('for=1m');
  const at = (atMs: number, isMet: boolean) => ({ atMs, isMet, isSuppressed: false });
  expect(advanceState(inactive, at(0, false), rules).state).toBe(inactive);
  const { state } = advanceState(inactive, at(0, true), rules);
  expect(advanceState(state, at(1, true), rules).state).toBe(state);
});
