import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import { accessibilityCases } from './accessibility-cases.ts';
import { alertCases } from './alert-cases.ts';
import { compareCases } from './compare-cases.ts';
import { ConsoleUnderTest } from './console-under-test.ts';
import { damagedStoreCases } from './damaged-store-cases.ts';
import { emptyStoreCases } from './empty-store-cases.ts';
import { exploreCases } from './explore-cases.ts';
import { filterCases } from './filter-cases.ts';
import { findChromium } from './find-chromium.ts';
import { guardedConsoleCases } from './guarded-console-cases.ts';
import { liveCases } from './live-cases.ts';
import { outageCases } from './outage-cases.ts';
import { overviewCases } from './overview-cases.ts';
import { panelCases } from './panel-cases.ts';
import { pipelinesPageCases } from './pipelines-page-cases.ts';
import { reportFileCases } from './report-file-cases.ts';
import { sqlPageCases } from './sql-page-cases.ts';
import { weightCases } from './weight-cases.ts';

const hasChromium = findChromium() !== null;
if (!hasChromium) console.warn('skipped test/browser: no Chromium found; set CHROMIUM_PATH');

/** The built program over real logs in a real browser. The order matters: the first case starts with an empty store. */
describe.skipIf(!hasChromium)('console', () => {
  let opened: ConsoleUnderTest;
  const current = () => opened;

  beforeAll(async () => {
    opened = await ConsoleUnderTest.open();
    await opened.startServer();
  });
  afterAll(() => opened?.close());
  beforeEach(() => opened.openPage());
  afterEach(() => opened.closePage());

  describe('of an empty store', () => emptyStoreCases(current));
  describe('overview', () => overviewCases(current));
  describe('comparison', () => compareCases(current));
  describe('filters', () => filterCases(current));
  describe('explore', () => exploreCases(current));
  describe('panel', () => panelCases(current));
  describe('SQL page', () => sqlPageCases(current));
  describe('pipelines page', () => pipelinesPageCases(current));
  describe('accessibility', () => accessibilityCases(current));
  describe('weight', () => weightCases(current));
  describe('without its server', () => outageCases(current));
  describe('with live data', () => liveCases(current));
  describe('alerts', () => alertCases(current));
  describe('behind a token', () => guardedConsoleCases(current));
  describe('over a damaged store', () => damagedStoreCases(current));
  describe('report file', () => reportFileCases(current));
});
