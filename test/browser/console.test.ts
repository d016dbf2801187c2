import { describe } from 'vitest';
import { compareCases } from './compare-cases.ts';
import { describeConsole } from './describe-console.ts';
import { emptyStoreCases } from './empty-store-cases.ts';
import { exploreCases } from './explore-cases.ts';
import { filterCases } from './filter-cases.ts';
import { overviewCases } from './overview-cases.ts';
import { panelCases } from './panel-cases.ts';

/** From the overview to single rows. The order matters: the first case starts with an empty store. */
describeConsole('nothing', (current) => {
  describe('of an empty store', () => emptyStoreCases(current));
  describe('overview', () => overviewCases(current));
  describe('comparison', () => compareCases(current));
  describe('filters', () => filterCases(current));
  describe('explore', () => exploreCases(current));
  describe('panel', () => panelCases(current));
});
