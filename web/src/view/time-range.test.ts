import { describe, expect, it } from 'vitest';
import {
  chooseDefault,
  chooseStep,
  endsNow,
  moveRange,
  parseUtc,
  resolveRange,
  toSqlTime,
  widenRange,
} from './time-range.ts';
import { formatView, parseView } from './view-state.ts';

const store = {
  now: '2026-11-27 12:00:00.000',
  firstTime: '2014-05-23 01:00:05',
  lastTime: '2014-05-23 02:10:31.250',
  lastStoredAt: '2014-05-23 02:11:00.000',
  rows: 1,
  future: 0,
  logRows: 0,
  firstLogTime: null,
  lastLogTime: null,
  rejected: 0,
  distributions: [],
  hosts: [],
};

describe('resolveRange', () => {
  it('counts back from the last event, which is within the range', () => {
    const { fromMs, toMs, step } = resolveRange('1h', store);
    expect([toSqlTime(fromMs), toSqlTime(toMs), step]).toEqual(['2014-05-23 01:11:00', '2014-05-23 02:11:00', 60]);
  });

  it('covers all data, also an event on the last second of a minute', () => {
    const { fromMs, toMs } = resolveRange('all', { ...store, lastTime: '2014-05-23 02:10:00' });
    expect([toSqlTime(fromMs), toSqlTime(toMs)]).toEqual(['2014-05-23 01:00:00', '2014-05-23 02:11:00']);
  });

  it('has a range for an empty store', () => {
    const { fromMs, toMs } = resolveRange('24h', { ...store, firstTime: null, lastTime: null });
    expect(toMs).toBeGreaterThan(fromMs);
  });
});

/** Something was stored a minute ago. */
const fed = {
  ...store,
  now: '2026-11-27 12:00:07.500',
  lastTime: '2026-11-27 11:58:00.000',
  lastStoredAt: '2026-11-27 11:59:00.000',
};

describe('ranges while data are coming in', () => {
  it.each([
    ['5m', '2026-11-27 11:55:10', '2026-11-27 12:00:10', 5],
    ['15m', '2026-11-27 11:45:10', '2026-11-27 12:00:10', 10],
    ['1h', '2026-11-27 11:01:00', '2026-11-27 12:01:00', 60],
  ] as const)('%s ends now, and whole bars lead there', (choice, from, to, step) => {
    const range = resolveRange(choice, fed);
    expect([toSqlTime(range.fromMs), toSqlTime(range.toMs), range.step]).toEqual([from, to, step]);
  });

  it.each([
    ['nothing was stored for more than an hour', { lastStoredAt: '2026-11-27 10:59:00.000' }],
    ['what was stored is older than a day', { lastTime: '2026-11-26 11:59:00.000' }],
    ['nothing is stored', { lastStoredAt: null, lastTime: null }],
  ])('end with the last event where %s', (_what, part) => {
    expect(endsNow(fed)).toBe(true);
    expect(endsNow({ ...fed, ...part })).toBe(false);
  });
});

describe('moves', () => {
  const range = { fromMs: 100_000, toMs: 105_000, step: 1 };

  it('go to the range before and after, of equal length', () => {
    expect(moveRange(range, -1)).toEqual({ fromMs: 95_000, toMs: 100_000 });
    expect(moveRange(range, 1)).toEqual({ fromMs: 105_000, toMs: 110_000 });
  });

  it('widen by half to each side, in whole seconds', () =>
    expect(widenRange(range)).toEqual({ fromMs: 97_000, toMs: 108_000 }));
});

describe('chooseDefault', () => {
  it('takes everything where that is less than a day', () => expect(chooseDefault(store)).toBe('all'));

  it.each([
    ['more', { ...store, firstTime: '2014-05-20 01:00:05' }],
    ['nothing', { ...store, firstTime: null, lastTime: null }],
  ])('takes a day where there is %s', (_what, held) => expect(chooseDefault(held)).toBe('24h'));
});

it.each([30, 60, 61, 1440, 43_200, 525_600, 5_256_000])('makes at most 100 buckets of %d minutes', (minutes) => {
  const step = chooseStep(minutes * 60_000);
  expect(step % 60).toBe(0);
  expect((minutes * 60) / step).toBeLessThanOrEqual(minutes > 5_000_000 ? 130 : 100);
});

describe('address', () => {
  it.each([
    '?',
    '?range=7d',
    '?range=24h',
    '?range=24h&compare=week',
    '?compare=none',
    '?range=5m&live=10s',
    '?from=2014-05-23T01:00:05&to=2014-05-23T01:00:10',
    '?from=2014-05-23T01:00&to=2014-05-23T02:00',
    '?range=all&pin=country:DE&q=distribution:E1+host:a.b%26c',
  ])('survives the way there and back: %s', (search) => expect(formatView(parseView(search))).toBe(search));

  it.each(['?range=never', '?range=toString', '?from=2014-05-23T02:00&to=2014-05-23T01:00', '?from=x&to=y'])(
    'falls back to the default: %s',
    (search) => expect(parseView(search).range).toBeNull(),
  );
});

it('reads the filters of addresses from before there was one', () =>
  expect(parseView('?range=7d&host=a.b&distribution=E"1&q=status:404').q).toBe(
    'status:404 distribution:"E\\"1" host:"a.b"',
  ));

it.each([
  [60, 1],
  [300, 5],
  [900, 10],
  [1799, 10],
  [1800, 60],
])('%d seconds have bars of %d', (seconds, step) => expect(chooseStep(seconds * 1000)).toBe(step));

it('reads times as UTC in every spelling', () => {
  const expected = Date.UTC(2014, 4, 23, 1, 0, 5);
  for (const text of ['2014-05-23 01:00:05', '2014-05-23T01:00:05Z', '2014-05-23 01:00:05.000']) {
    expect(parseUtc(text)).toBe(expected);
  }
  expect(parseUtc('yesterday')).toBeNaN();
});
