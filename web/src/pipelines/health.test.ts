import { describe, expect, it } from 'vitest';
import type { PipelineAnswer, PipelinesAnswer } from '../../../src/server/routes/pipelines.ts';
import { describeHealth } from './health.ts';

const edge = {
  name: 'edge',
  state: 'running',
  problem: null,
  isHeldBack: false,
  lastStoredAt: '2026-11-20 14:00:00.000',
  usualGapMs: 60_000,
} as unknown as PipelineAnswer;

function healthOf(now: string, part: Partial<PipelineAnswer>, more: Partial<PipelinesAnswer> = {}) {
  const pipelines = [{ ...edge, ...part }, edge];
  return describeHealth({
    now,
    pipelines,
    destinations: [],
    lake: null,
    alerts: null,
    events: [],
    since: now,
    ...more,
  });
}

const destination = { name: 'lake', state: 'retrying', problem: 'the disk is full', waitingBatches: 3 };

describe('describeHealth', () => {
  it.each([
    ['2026-11-20 14:02:00.000', 'good', '2 pipelines OK'],
    ['2026-11-20 14:02:01.000', 'warn', 'edge: nothing for 2 minutes, and 1 more'],
    ['2026-11-20 14:10:00.000', 'warn', 'edge: nothing for 10 minutes, and 1 more'],
    ['2026-11-20 14:10:01.000', 'bad', 'edge: nothing for 10 minutes, and 1 more'],
  ])('a feed that usually comes each minute, and last at 14:00, is at %s %s', (now, tone, text) => {
    expect(healthOf(now, {})).toMatchObject({ tone, text });
  });

  it('knows no gap that is shorter than the time between two looks', () => {
    const part = { usualGapMs: 100, lastStoredAt: '2026-11-20 14:00:00.000' };
    expect(healthOf('2026-11-20 14:00:09.000', part).tone).toBe('good');
    expect(healthOf('2026-11-20 14:00:11.000', part).tone).toBe('warn');
  });

  it.each([
    [{ state: 'failed', problem: 'no such queue' }, 'bad', 'edge failed', 'edge failed: no such queue'],
    [{ state: 'starting' }, 'warn', 'edge starting', 'edge starting'],
    [{ isHeldBack: true }, 'warn', 'edge held back', 'edge held back: the store is slower'],
  ] as const)('tells of a pipeline that does not run: %o', (part, tone, text, detail) => {
    expect(healthOf('2026-11-20 14:00:01.000', part)).toEqual({ tone, text, details: [detail] });
  });

  it('tells of destinations, the worst of all first', () => {
    const destinations = [destination] as unknown as PipelinesAnswer['destinations'];
    const now = '2026-11-20 14:00:01.000';
    expect(healthOf(now, {}, { destinations }).text).toBe('lake retrying');
    const both = healthOf(now, { state: 'failed' }, { destinations });
    expect(both.text).toBe('edge failed, and 1 more');
    expect(both.details[1]).toBe('lake retrying: the disk is full; batches waiting: 3');
    const calm = [{ ...destination, state: 'standby' }] as unknown as PipelinesAnswer['destinations'];
    expect(healthOf(now, {}, { destinations: calm }).text).toBe('2 pipelines, 1 destination OK');
  });

  it('tells of a lake that is not written', () => {
    const lake = { name: '/srv/lake', state: 'retrying', problem: 'the disk is full' } as PipelinesAnswer['lake'];
    const health = healthOf('2026-11-20 14:00:01.000', {}, { lake });
    expect(health).toEqual({ tone: 'warn', text: 'lake retrying', details: ['lake retrying: the disk is full'] });
  });
});
