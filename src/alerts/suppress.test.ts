import { expect, test } from 'vitest';
import { isWithin } from './maintenance.ts';
import { matchesAll, parseMatcher } from './matchers.ts';
import { type Suppressing, whySuppressed } from './suppress.ts';

const alert = { name: 'server-errors', severity: 'critical', dependsOn: ['no-data'] } as const;
const at = (text: string) => Date.parse(`${text}Z`);
const now = at('2026-11-27T23:00');
const matchers = (...texts: string[]) => texts.map((text) => parseMatcher(text) ?? expect.fail(text));

test.each([
  ['host=a.example.com', true],
  ['host=*.example.com', true],
  ['host=a*e*com', true],
  ['host=a*a.example.com', false],
  ['host=example.com', false],
  ['host!=b', true],
  ['host!=a*', false],
  ['other=', true],
  ['other!=', false],
  ['alert=server-*', true],
  ['severity=warning', false],
])('the matcher %s: %s', (text, isMatch) => {
  expect(matchesAll(matchers(text), alert, { host: 'a.example.com' })).toBe(isMatch);
});

test('what is no matcher is none', () => {
  expect(['host', '=a', 'a b=c', ''].map(parseMatcher)).toEqual([undefined, undefined, undefined, undefined]);
});

test('a window of each week may go past midnight', () => {
  const night = { days: ['fri'], fromMinute: 22 * 60, toMinute: 2 * 60 } as const;
  const times = ['2026-11-27T21:59', '2026-11-27T22:00', '2026-11-28T01:59', '2026-11-28T02:00', '2026-11-28T23:00'];
  expect(times.map((time) => isWithin(night, at(time)))).toEqual([false, true, true, false, false]);
  const once = { fromMs: now, toMs: now + 1 };
  expect([now - 1, now, now + 1].map((ms) => isWithin(once, ms))).toEqual([false, true, false]);
});

test('says what keeps it from being told', () => {
  const none: Suppressing = { silences: [], maintenance: [], firing: new Map() };
  const why = (some: Partial<Suppressing>, labels = {}) => whySuppressed(alert, labels, now, { ...none, ...some });
  const silence = { id: 's1', matchers: matchers('host=a'), startsAtMs: now - 1, endsAtMs: now + 1 };
  const window = { name: 'deploy', match: [], when: { fromMs: now, toMs: now + 1 } };
  expect(why({})).toBe('');
  expect(why({ silences: [silence] }, { host: 'a' })).toBe('silence s1');
  expect(why({ silences: [silence] }, { host: 'b' })).toBe('');
  expect(why({ silences: [{ ...silence, endsAtMs: now }] }, { host: 'a' })).toBe('');
  expect(why({ maintenance: [window] })).toBe('maintenance deploy');
  expect(why({ firing: new Map([['no-data', [{}]]]) })).toBe('no-data fires');
  expect(why({ firing: new Map([['no-data', [{ host: 'a' }]]]) }, { host: 'b' })).toBe('');
  expect(why({ firing: new Map([['no-data', [{ host: 'a', edge: 'x' }]]]) }, { host: 'a' })).toBe('no-data fires');
  expect(why({ firing: new Map([['no-data', []]]) })).toBe('');
});
