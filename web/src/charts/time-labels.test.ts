import { expect, it } from 'vitest';
import { layOut } from './plot.ts';
import { placeLabels } from './time-labels.ts';

it('leaves out times of day where a day has no room beside them', () => {
  const hourMs = 3_600_000;
  const times = Array.from({ length: 42 }, (_, hour) => Date.parse('2015-05-19T04:00Z') + hour * hourMs);
  const plot = layOut({ width: 260, height: 150 }, 30, times.length, { min: 0, max: 1, ticks: [0, 1] }, true);
  const texts = placeLabels(times, hourMs, plot).toSorted((one, other) => one.x - other.x);
  expect(texts.map(({ text }) => text)).toEqual(['06:00', '20 May', '12:00']);
});
