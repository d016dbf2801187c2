import { expect, it } from 'vitest';
import type { DataSource, ReportAnswer } from './report-answer.ts';
import { shareAnswers } from './share-answers.ts';

const parameters = { from: '', to: '', step: 60, limit: 10, q: '' };

/** A source that counts what it is asked, and fails as long as it shall. */
function counting(isFailing = () => false) {
  const signals: AbortSignal[] = [];
  const source: DataSource = {
    isLive: true,
    readRange: () => Promise.reject(new Error('not asked for here')),
    readReport: async (name, _parameters, signal) => {
      signals.push(signal);
      if (isFailing()) throw new Error('away');
      return { name } as ReportAnswer;
    },
  };
  return { shared: shareAnswers(source), signals };
}

it('asks once for what several show, and apart for what differs', async () => {
  const { shared, signals } = counting();
  const { signal } = new AbortController();
  const answers = [
    shared.readReport('ttfb', parameters, signal),
    shared.readReport('ttfb', { ...parameters }, signal),
    shared.readReport('ttfb', { ...parameters, q: 'status:404' }, signal),
    shared.readReport('bots', parameters, signal),
  ];
  expect((await Promise.all(answers)).map(({ name }) => name)).toEqual(['ttfb', 'ttfb', 'ttfb', 'bots']);
  expect(signals).toHaveLength(3);
});

it('cancels what nobody waits for any more, and asks again', () => {
  const { shared, signals } = counting();
  const [one, other] = [new AbortController(), new AbortController()];
  void shared.readReport('ttfb', parameters, one.signal);
  void shared.readReport('ttfb', parameters, other.signal);
  one.abort();
  expect(signals[0]?.aborted).toBe(false);
  other.abort();
  expect(signals[0]?.aborted).toBe(true);
  void shared.readReport('ttfb', parameters, new AbortController().signal);
  expect(signals).toHaveLength(2);
});

it('asks again after a failure', async () => {
  let isAway = true;
  const { shared } = counting(() => isAway);
  const { signal } = new AbortController();
  await expect(shared.readReport('ttfb', parameters, signal)).rejects.toThrow('away');
  isAway = false;
  expect((await shared.readReport('ttfb', parameters, signal)).name).toBe('ttfb');
});
