import { describe, expect, it } from 'vitest';
import { chooseDefault, chooseStep, parseUtc, resolveRange, toSqlTime } from './time-range.ts';
import { formatView, parseView } from './view-state.ts';

const store = {
  firstTime: '2014-05-23 01:00:05',
  lastTime: '2014-05-23 02:10:31.250',
  lastStoredAt: '2014-05-23 02:11:00.000',
  rows: 1,
  rejected: 0,
  distributions: [],
  hosts: [],
};

describe('resolveRange', () => {
  it('counts back from the last event, which is within the range', () => {
    const { fromMs, toMs, step } = resolveRange('1h', store, Date.now());
    expect([toSqlTime(fromMs), toSqlTime(toMs), step]).toEqual(['2014-05-23 01:11:00', '2014-05-23 02:11:00', 60]);
  });

  it('covers all data, also an event on the last second of a minute', () => {
    const { fromMs, toMs } = resolveRange('all', { ...store, lastTime: '2014-05-23 02:10:00' }, Date.now());
    expect([toSqlTime(fromMs), toSqlTime(toMs)]).toEqual(['2014-05-23 01:00:00', '2014-05-23 02:11:00']);
  });

  it('has a range for an empty store', () => {
    const { fromMs, toMs } = resolveRange('24h', { ...store, firstTime: null, lastTime: null }, 1_700_000_000_000);
    expect(toMs).toBeGreaterThan(fromMs);
  });
});

describe('chooseDefault', () => {
  it('takes everything where that is less than a day', () => expect(chooseDefault(store)).toBe('all'));

  it.each([
    ['more', { ...store, firstTime: '2014-05-20 01:00:05' }],
    ['nothing', { ...store, firstTime: null, lastTime: null }],
  ])('takes a day where there is %s', (_what, held) => expect(chooseDefault(held)).toBe('24h'));
});

it.each([1, 60, 61, 1440, 43_200, 525_600, 5_256_000])('makes at most 100 buckets of %d minutes', (minutes) => {
  const step = chooseStep(minutes * 60_000);
  expect(step % 60).toBe(0);
  expect((minutes * 60) / step).toBeLessThanOrEqual(minutes > 5_000_000 ? 130 : 100);
});

describe('address', () => {
  it.each([
    '?',
    '?range=7d',
    '?range=24h',
    '?from=2014-05-23T01:00&to=2014-05-23T02:00',
    '?range=all&distribution=E1&host=a.b%26c',
  ])('survives the way there and back: %s', (search) => expect(formatView(parseView(search))).toBe(search));

  it.each(['?range=never', '?range=toString', '?from=2014-05-23T02:00&to=2014-05-23T01:00', '?from=x&to=y'])(
    'falls back to the default: %s',
    (search) => expect(parseView(search).range).toBeNull(),
  );
});

it('reads times as UTC in every spelling', () => {
  const expected = Date.UTC(2014, 4, 23, 1, 0, 5);
  for (const text of ['2014-05-23 01:00:05', '2014-05-23T01:00:05Z', '2014-05-23 01:00:05.000']) {
    expect(parseUtc(text)).toBe(expected);
  }
  expect(parseUtc('yesterday')).toBeNaN();
});
